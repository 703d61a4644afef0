"""The peer: common FastAPI routes that query asyncpg directly, with the same response models as Tintype."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
from fastapi import FastAPI, Request

from bench.social.reads import GROUP_BY
from entrypoints.rest.schemas.posts import Post


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(os.environ["DATABASE"], min_size=10, max_size=10) as pool:
        app.state.pool = pool
        app.state.like = Post.model_validate_json(os.environ["POST"])
        yield


app = FastAPI(lifespan=lifespan)


def _to_post(request: Request, row: Any) -> Post:
    """The post of the row, with a constant author and constant images."""
    like: Post = request.app.state.like
    return Post(
        id=str(row["id"]),
        author=like.author,
        text=row["text"],
        images=like.images,
        like_count=row["like_count"],
        comment_count=row["comment_count"],
        visibility=row["visibility"],
        viewer=None,
        created_at=row["created_at"],
        edited_at=row["edited_at"],
    )


@app.get("/posts/{post_id}")
async def post(post_id: UUID, request: Request) -> Post:
    row = await request.app.state.pool.fetchrow("select * from posts where id = $1", post_id)
    return _to_post(request, row)


@app.get("/group-by")
async def most_liked(request: Request) -> list[Post]:
    return [_to_post(request, row) for row in await request.app.state.pool.fetch(GROUP_BY)]
