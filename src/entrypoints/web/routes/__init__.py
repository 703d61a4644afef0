"""The pages, one file for each part of the UI."""

from entrypoints.web.routes import (
    comments,
    compose,
    explore,
    home,
    notifications,
    operator,
    people,
    pictures,
    posts,
    search,
    settings,
    signing_in,
)

ROUTERS = (
    home.router,
    explore.router,
    search.router,
    search.picture_router,
    posts.router,
    comments.router,
    pictures.router,
    people.router,
    compose.router,
    compose.pictures_router,
    notifications.router,
    settings.router,
    settings.picture_router,
    signing_in.router,
    operator.router,
)
