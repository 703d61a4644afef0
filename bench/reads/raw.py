"""Raw routes to compare with: FastAPI on asyncpg, one statement by hand, dictionaries, no models, no sessions and no
rules of visibility.

They read the same rows as a page of Tintype and answer the same JSON. Which posts a page has, their ranks and the
cursor, they get from the environment, and the viewer too: choosing and checking cost nothing here.
"""

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

_LABELS = """(
    select coalesce(json_agg(json_build_object('key', key, 'name', name, 'class_index', class_index, 'score', score,
      'tags', tags, 'verdict', null) order by position), '[]')
    from image_labels where image_id = images.id)"""
_TASKS = """(
    select json_object_agg(task, json_build_object('state', state, 'attempts', attempts, 'model', model, 'error', null,
      'next_attempt_at', next_attempt_at) order by task desc)
    from understandings where image_id = images.id)"""
_IMAGES = f"""(
  select json_agg(json_build_object('id', id, 'width', width, 'height', height, 'content_type', content_type,
    'placeholder', placeholder,
    'alt_text', case when alt_text is not null then
      json_build_object('text', alt_text, 'source', alt_text_source, 'model', alt_text_model) end,
    'labels', {_LABELS}, 'understanding', {_TASKS}, 'quarantined', quarantined, 'created_at', created_at)
    order by position)
  from images where post_id = posts.id)"""  # noqa: S608 — constants
_VIEW = f"""
select posts.*, username, display_name, {_IMAGES} as images,
  exists (select from likes where post_id = posts.id and user_id = $2) as liked
from posts join users on users.id = author_id"""  # noqa: S608 — constants
_POST = f"{_VIEW} where posts.id = $1"
_POSTS = f"{_VIEW} where posts.id = any($1) order by array_position($1, posts.id)"
PAGES: dict[str, dict[str, Any]] = json.loads(os.environ.get("PAGES", "{}"))
"""The answers of the API, by the name of the page, with the ids of posts in place of the posts."""
VIEWERS: dict[str, str | None] = json.loads(os.environ.get("VIEWERS", "{}"))


_SETTINGS = {"timezone": "UTC", "jit": "off", "plan_cache_mode": "force_generic_plan"}


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    database = os.environ["DATABASE"]
    options = {"init": _read_json, "reset": _keep, "server_settings": _SETTINGS}
    async with asyncpg.create_pool(database, min_size=10, max_size=10, **options) as pool:
        app.state.pool = pool
        yield


async def _read_json(connection: Any) -> None:
    await connection.set_type_codec("json", encoder=json.dumps, decoder=json.loads, schema="pg_catalog")


async def _keep(_connection: Any) -> None:
    """Skip the driver's reset between two requests, as Tintype does."""


app = FastAPI(lifespan=lifespan)


@app.get("/{who}/posts/{post_id}")
async def post(who: str, post_id: UUID, request: Request) -> JSONResponse:
    [found] = await _fetch_posts(request, _POST, post_id, VIEWERS[who])
    return JSONResponse(found)


@app.get("/{who}/pages/{name}")
async def page(who: str, name: str, request: Request) -> JSONResponse:
    chosen = PAGES[f"{who}/{name}"]
    ids = [UUID(item["post"] if isinstance(item, dict) else item) for item in chosen["items"]]
    posts = await _fetch_posts(request, _POSTS, ids, VIEWERS[who])
    items = [
        {**item, "post": post} if isinstance(item, dict) else post
        for item, post in zip(chosen["items"], posts, strict=True)
    ]
    return JSONResponse({"items": items, "next_cursor": chosen["next_cursor"]})


async def _fetch_posts(request: Request, statement: str, *arguments: Any) -> list[dict[str, Any]]:
    async with request.app.state.pool.acquire() as connection:
        rows = await connection.fetch(statement, *arguments)
    return [_post(row, signed_in=arguments[-1] is not None) for row in rows]


def _post(row: Any, *, signed_in: bool) -> dict[str, Any]:
    author = {"id": str(row["author_id"]), "username": row["username"], "display_name": row["display_name"]}
    return {
        "id": str(row["id"]),
        "author": {**author, "avatar": None},
        "text": row["text"],
        "images": [_image(image) for image in row["images"]],
        "like_count": row["like_count"],
        "comment_count": row["comment_count"],
        "visibility": row["visibility"],
        "audience": row["audience"],
        "viewer": {"liked": row["liked"]} if signed_in else None,
        "created_at": _format_time(row["created_at"]),
        "edited_at": row["edited_at"] and _format_time(row["edited_at"]),
        "sensitive": row["sensitive"],
        "warning": row["warning"],
        "hidden": row["hidden_until"] is not None,
    }


def _image(image: dict[str, Any]) -> dict[str, Any]:
    path = f"/v1/images/{image['id']}/file?size="
    return {
        **image,
        "urls": {"thumb": f"{path}thumb", "medium": f"{path}medium", "large": f"{path}large"},
        "alt_text_suggestion": None,
        "duplicates": [],
        "understanding": {
            name: {**task, "next_attempt_at": _read_time(task["next_attempt_at"])}
            for name, task in image["understanding"].items()
        },
        "created_at": _read_time(image["created_at"]),
    }


def _read_time(text: str | None) -> str | None:
    return text and _format_time(datetime.fromisoformat(text))


def _format_time(time: datetime) -> str:
    return time.isoformat().replace("+00:00", "Z")
