"""Raw routes to compare with: FastAPI on asyncpg, plain selects, dictionaries, no models, no rules of visibility.

They read the same rows as a page of Tintype and answer the same JSON. Which posts a page has, they get from the
environment: choosing them costs nothing here.
"""

import json
import os
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

_POSTS = """
select posts.*, username, display_name from posts join users on users.id = author_id
where posts.id = any($1) order by array_position($1, posts.id)"""
_IMAGES = "select * from images where post_id = any($1) order by post_id, position"
_LABELS = "select * from image_labels where image_id = any($1) order by image_id, position"
_TASKS = "select * from understandings where image_id = any($1)"
PAGES: dict[str, list[UUID]] = {
    name: [UUID(post_id) for post_id in ids] for name, ids in json.loads(os.environ.get("PAGES", "{}")).items()
}


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(os.environ["DATABASE"], min_size=10, max_size=10) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=lifespan)


@app.get("/posts/{post_id}")
async def post(post_id: UUID, request: Request) -> JSONResponse:
    [found] = await _fetch_posts(request, [post_id])
    return JSONResponse(found)


@app.get("/pages/{name}")
async def page(name: str, request: Request) -> JSONResponse:
    return JSONResponse({"items": await _fetch_posts(request, PAGES[name]), "next_cursor": None})


async def _fetch_posts(request: Request, ids: list[UUID]) -> list[dict[str, Any]]:
    async with request.app.state.pool.acquire() as connection:
        posts = await connection.fetch(_POSTS, ids)
        images = await connection.fetch(_IMAGES, ids)
        image_ids = [image["id"] for image in images]
        labels = await connection.fetch(_LABELS, image_ids)
        tasks = await connection.fetch(_TASKS, image_ids)
    labels_of, tasks_of, images_of = defaultdict(list), defaultdict(dict), defaultdict(list)
    for label in labels:
        labels_of[label["image_id"]].append(_label(label))
    for task in tasks:
        tasks_of[task["image_id"]][task["task"]] = _task(task)
    for image in images:
        images_of[image["post_id"]].append(_image(image, labels_of[image["id"]], tasks_of[image["id"]]))
    return [_post(row, images_of[row["id"]]) for row in posts]


def _post(row: Any, images: list[dict[str, Any]]) -> dict[str, Any]:
    author = {"id": str(row["author_id"]), "username": row["username"], "display_name": row["display_name"]}
    return {
        "id": str(row["id"]),
        "author": {**author, "avatar": None},
        "text": row["text"],
        "images": images,
        "like_count": row["like_count"],
        "comment_count": row["comment_count"],
        "visibility": row["audience"],
        "viewer": None,
        "created_at": row["created_at"].isoformat(),
        "edited_at": row["edited_at"] and row["edited_at"].isoformat(),
    }


def _image(row: Any, labels: list[dict[str, Any]], tasks: dict[str, Any]) -> dict[str, Any]:
    path = f"/v1/images/{row['id']}/file?size="
    return {
        "id": str(row["id"]),
        "width": row["width"],
        "height": row["height"],
        "content_type": row["content_type"],
        "urls": {"thumb": f"{path}thumb", "medium": f"{path}medium", "large": f"{path}large"},
        "placeholder": row["placeholder"],
        "alt_text": row["alt_text"]
        and {"text": row["alt_text"], "source": row["alt_text_source"], "model": row["alt_text_model"]},
        "alt_text_suggestion": None,
        "labels": labels,
        "duplicates": [],
        "understanding": tasks,
        "created_at": row["created_at"].isoformat(),
    }


def _label(row: Any) -> dict[str, Any]:
    names = ("key", "name", "class_index", "score", "tags")
    return {**{name: row[name] for name in names}, "verdict": None}


def _task(row: Any) -> dict[str, Any]:
    due = row["next_attempt_at"]
    return {
        "state": row["state"],
        "attempts": row["attempts"],
        "model": row["model"],
        "error": None,
        "next_attempt_at": due and due.isoformat(),
    }
