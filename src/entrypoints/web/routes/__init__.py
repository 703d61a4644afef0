"""The pages, one file for each part of the UI."""

from entrypoints.web.routes import (
    comments,
    compose,
    explore,
    home,
    images,
    moderation,
    notifications,
    operator,
    people,
    posts,
    reports,
    search,
    settings,
    signing_in,
)

ROUTERS = (
    home.router,
    explore.router,
    search.router,
    search.image_router,
    posts.router,
    comments.router,
    images.router,
    people.router,
    compose.router,
    compose.images_router,
    notifications.router,
    settings.router,
    settings.image_router,
    signing_in.router,
    reports.router,
    moderation.router,
    operator.router,
)
