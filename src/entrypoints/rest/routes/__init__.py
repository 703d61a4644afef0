"""The calls of version 1, a noun a file."""

from entrypoints.rest.routes import (
    comments,
    feed,
    follow_requests,
    images,
    me,
    notifications,
    posts,
    rankings,
    search,
    tags,
    tokens,
    users,
)

# A request is compared with one route after the other: what is asked for most stands first.
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
)
