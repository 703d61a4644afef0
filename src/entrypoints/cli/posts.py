"""People and posts as JSON, in the shapes of the REST API (PRODUCT.md names every field)."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from domain.comments import CommentView
from domain.feeds import PostView
from domain.ids import UserId
from domain.images import Image, Size
from domain.people import Avatar, Byline, Profile
from domain.ranking import Ranked
from domain.understanding import Understanding
from domain.vision import Label

Shape = dict[str, Any]


def user(profile: Profile) -> Shape:
    found = profile.user
    return {
        "id": str(found.id),
        "username": found.username,
        "display_name": found.display_name,
        "bio": found.bio,
        "avatar": _avatar(profile.avatar),
        "private": found.private,
        "created_at": _time(found.created_at),
        "followers_count": found.followers_count,
        "following_count": found.following_count,
        "posts_count": found.posts_count,
        "viewer": asdict(profile.relation) if profile.relation else None,
    }


def post(view: PostView, viewer: UserId | None) -> Shape:
    found = view.post
    return {
        "id": str(found.id),
        "author": _byline(view.author),
        "text": found.text,
        "images": [image(each, viewer) for each in view.images],
        "like_count": found.like_count,
        "comment_count": found.comment_count,
        "visibility": found.visibility,
        "viewer": None if view.liked is None else {"liked": view.liked},
        "created_at": _time(found.created_at),
        "edited_at": _time(found.edited_at) if found.edited_at else None,
    }


def comment(view: CommentView) -> Shape:
    found = view.comment
    return {
        "id": str(found.id),
        "post_id": str(found.post_id),
        "author": _byline(view.author),
        "text": found.text,
        "created_at": _time(found.created_at),
    }


def ranked(found: Ranked, viewer: UserId | None) -> Shape:
    why = {name: value for name, value in asdict(found.why).items() if value is not None}
    return {"rank": found.rank, "score": found.score, "why": why, "post": post(found.view, viewer)}


def image(found: Image, viewer: UserId | None) -> Shape:
    """What only its owner sees (the suggestion, errors) is null for everybody else."""
    own = found.owner_id == viewer
    return {
        "id": str(found.id),
        "width": found.width,
        "height": found.height,
        "content_type": found.content_type,
        "urls": {size: _url(found.id, size) for size in Size},
        "placeholder": found.placeholder,
        "alt_text": asdict(found.alt_text) if found.alt_text else None,
        "alt_text_suggestion": asdict(found.suggestion) if found.suggestion and own else None,
        "labels": [label(each) for each in found.labels],
        "duplicates": [],
        "understanding": {task: _understanding(row, own) for task, row in found.understanding.items()},
        "created_at": _time(found.created_at),
    }


def label(found: Label) -> Shape:
    return {**asdict(found), "tags": list(found.tags)}


def _understanding(row: Understanding, own: bool) -> Shape:
    return {
        "state": row.state,
        "attempts": row.attempts,
        "model": row.model,
        "error": row.error if own else None,
        "next_attempt_at": _time(row.next_attempt_at) if row.next_attempt_at else None,
    }


def _byline(author: Byline) -> Shape:
    names = {"id": str(author.id), "username": author.username, "display_name": author.display_name}
    return {**names, "avatar": _avatar(author.avatar)}


def _avatar(found: Avatar | None) -> Shape | None:
    return {size: _url(found.image_id, size) for size in (Size.THUMB, Size.MEDIUM)} if found else None


def _url(image_id: object, size: Size) -> str:
    return f"/v1/images/{image_id}/file?size={size}"


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
