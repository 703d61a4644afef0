"""The routes of version 1, one file for each resource."""

from entrypoints.rest.routes import (
    comments,
    email_proofs,
    feed,
    follow_requests,
    images,
    me,
    moderation,
    notifications,
    password_resets,
    posts,
    rankings,
    reports,
    search,
    tags,
    tokens,
    users,
)

# Routes are compared in order, so the most requested ones come first.
ROUTERS = (
    posts.router,
    images.router,
    feed.router,
    rankings.router,
    users.router,
    comments.router,
    notifications.router,
    search.router,
    tags.router,
    me.router,
    images.uploads_router,
    search.uploads_router,
    follow_requests.router,
    tokens.router,
    password_resets.router,
    email_proofs.router,
    reports.router,
    moderation.router,
)
