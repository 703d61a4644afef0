"""The calls of version 1, a noun a file."""

from entrypoints.rest.routes import comments, feed, follow_requests, images, me, posts, rankings, search, tokens, users

ROUTERS = (
    users.router,
    follow_requests.router,
    tokens.router,
    me.router,
    images.router,
    images.uploads_router,
    posts.router,
    comments.router,
    feed.router,
    rankings.router,
    search.router,
)
