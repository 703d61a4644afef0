"""The format of `tintype.json`, version 1: an account as objects of JSON. `docs/archive-format.md` describes it."""

import mimetypes
from datetime import datetime
from typing import Any

from domain.comments import Comment
from domain.images import Image
from domain.post_views import PostView
from domain.profiles import Byline, Profile
from domain.services.exporting import ExportedAccount
from domain.understanding import Task

FORMAT = "tintype-account"
VERSION = 1
MEDIA = "media_attachments/files"
_EXTENSIONS = {"image/jpeg": ".jpg", "image/heic": ".heic", "image/avif": ".avif", "image/webp": ".webp"}

Shape = dict[str, Any]


def file_name(image: Image) -> str:
    """Return the path of an image in the archive."""
    extension = _EXTENSIONS.get(image.content_type) or mimetypes.guess_extension(image.content_type) or ""
    return f"{MEDIA}/{image.id}{extension}"


def head_shape(now: datetime, server: str) -> Shape:
    return {"format": FORMAT, "version": VERSION, "exported_at": now.isoformat(), "server": server}


def account_shape(account: ExportedAccount, avatar_file: str | None) -> Shape:
    user, consent = account.profile.user, account.consent
    return {
        "id": str(user.id),
        "username": user.username,
        "display_name": user.display_name,
        "bio": user.bio,
        "email": user.email,
        "role": user.role,
        "created_at": user.created_at.isoformat(),
        "private": user.private,
        "follow_approval": user.follow_approval,
        "default_visibility": user.default_visibility,
        "sensitive_media": user.sensitive_media,
        "consent": {
            "captions": consent.captions,
            "followers_only": consent.followers_only,
            "decided_at": _time(consent.decided_at),
        },
        "avatar": image_shape(account.avatar, avatar_file) if account.avatar else None,
    }


def post_shape(view: PostView, files: dict[str, str | None]) -> Shape:
    """Return a post. `files` has the path of each image, None for one whose file is left out."""
    post = view.post
    return {
        "id": str(post.id),
        "created_at": post.created_at.isoformat(),
        "edited_at": _time(post.edited_at),
        "text": post.text,
        "visibility": post.visibility,
        "sensitive": post.sensitive,
        "warning": post.warning,
        "like_count": post.like_count,
        "comment_count": post.comment_count,
        "images": [image_shape(image, files[str(image.id)]) for image in view.images],
    }


def image_shape(image: Image, file: str | None) -> Shape:
    alt_text, suggestion, tags = image.alt_text, image.suggestion, image.model_tags
    return {
        "id": str(image.id),
        "file": file,
        "sha256": str(image.original),
        "width": image.width,
        "height": image.height,
        "content_type": image.content_type,
        "created_at": image.created_at.isoformat(),
        "alt_text": alt_text and {"text": alt_text.text, "source": alt_text.source, "model": alt_text.model},
        "suggestion": suggestion
        and {
            "text": suggestion.text,
            "source": suggestion.source,
            "model": suggestion.model,
            "prompt_version": suggestion.prompt_version,
        },
        "model_tags": tags and {"tags": list(tags.tags), "model": tags.model, "prompt_version": tags.prompt_version},
        "labels": [
            {
                "key": label.key,
                "name": label.name,
                "class_index": label.class_index,
                "score": label.score,
                "tags": list(label.tags),
                "verdict": label.verdict,
            }
            for label in image.labels
        ],
        "understanding": {
            task: {"state": row.state, "model": row.model} for task in Task if (row := image.understanding.get(task))
        },
    }


def comment_shape(comment: Comment, author: Byline | None) -> Shape:
    """Return a comment. `author` is that of the post, None if the post is hidden from the user."""
    return {
        "id": str(comment.id),
        "post_id": str(comment.post_id),
        "post_author": author and _name(author),
        "text": comment.text,
        "created_at": comment.created_at.isoformat(),
    }


def like_shape(view: PostView) -> Shape:
    return {"post_id": str(view.post.id), "post_author": _name(view.author)}


def person_shape(profile: Profile) -> Shape:
    return {"id": str(profile.user.id), "username": profile.user.username}


def _name(author: Byline) -> Shape:
    return {"id": str(author.id), "username": author.username}


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
