"""The peer: common FastAPI routes that query asyncpg directly. Their dictionaries have the fields of Tintype."""

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
from fastapi import FastAPI, Request

from bench.social.reads import GROUP_BY


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(os.environ["DATABASE"], min_size=10, max_size=10) as pool:
        app.state.pool = pool
        app.state.like = json.loads(os.environ["POST"])
        yield


app = FastAPI(lifespan=lifespan)


def _to_post(request: Request, row: Any) -> dict[str, Any]:
    """The post of the row, with a constant author and constant images."""
    names = ("text", "like_count", "comment_count", "visibility", "created_at", "edited_at")
    return {**request.app.state.like, "id": row["id"], **{name: row[name] for name in names}}


@app.get("/posts/{post_id}")
async def post(post_id: UUID, request: Request) -> dict[str, Any]:
    row = await request.app.state.pool.fetchrow("select * from posts where id = $1", post_id)
    return _to_post(request, row)


@app.get("/group-by")
async def most_liked(request: Request) -> list[dict[str, Any]]:
    return [_to_post(request, row) for row in await request.app.state.pool.fetch(GROUP_BY)]
