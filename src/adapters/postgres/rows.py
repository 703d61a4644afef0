"""Conversion between rows and values."""

from functools import cache
from typing import Any

from domain.comments import Comment
from domain.ids import CommentId, ImageId, InviteId, PostId, TokenId, UserId
from domain.invites import Invite
from domain.posts import Post, SensitiveMedia, Visibility
from domain.roles import Role
from domain.scopes import Scope
from domain.terms import Terms
from domain.tokens import Token
from domain.understanding import State, Task, Understanding
from domain.users import EmailStatus, User

USER_COLUMNS = """id, username, email, password_hash, display_name, created_at, bio, avatar_image_id, private,
  follow_approval, default_visibility, sensitive_media, role, followers_count, following_count, posts_count,
  email_status, application, accepted_terms"""
"""A unit of work names the columns, so that a migration which adds one does not invalidate its statements."""
POST_COLUMNS = """id, author_id, text, created_at, visibility, like_count, comment_count, edited_at, sensitive,
  warning"""
COMMENT_COLUMNS = "id, post_id, author_id, text, created_at"
UNDERSTANDING_COLUMNS = "image_id, task, state, attempts, model, error, next_attempt_at"


def user_of(row: Any) -> User:
    """Return the user from `USER_COLUMNS`."""
    return User(
        id=UserId(row.id),
        username=row.username,
        email=row.email,
        password_hash=row.password_hash,
        display_name=row.display_name,
        created_at=row.created_at,
        bio=row.bio,
        avatar_image_id=ImageId(row.avatar_image_id) if row.avatar_image_id else None,
        private=row.private,
        follow_approval=row.follow_approval,
        default_visibility=Visibility(row.default_visibility),
        sensitive_media=SensitiveMedia(row.sensitive_media),
        role=Role(row.role),
        followers_count=row.followers_count,
        following_count=row.following_count,
        posts_count=row.posts_count,
        email_status=EmailStatus(row.email_status),
        application=row.application,
        accepted_terms=row.accepted_terms,
    )


def token_of(row: Any) -> Token:
    """Return the token from all columns of `tokens`."""
    return Token(
        TokenId(row.id),
        UserId(row.user_id),
        row.hash,
        row.created_at,
        row.expires_at,
        row.name,
        scopes_of(row.scopes),
        row.last_used_at,
        row.device,
        row.address,
        row.confirmed_at,
        row.second_factor_at,
    )


def invite_of(row: Any) -> Invite:
    """Return the invitation from all columns of `invites`, and the username of its creator."""
    return Invite(
        InviteId(row.id), row.code, row.created_at, row.expires_at, row.max_uses, row.uses, creator=row.creator
    )


def terms_of(row: Any) -> Terms:
    return Terms(row.version, row.text, row.created_at)


def scopes_of(names: list[str]) -> frozenset[Scope]:
    return _scopes_of(tuple(names))


@cache  # every request with a token needs them, and few sets exist
def _scopes_of(names: tuple[str, ...]) -> frozenset[Scope]:
    return frozenset(map(Scope, names))


def post_of(row: Any, image_ids: tuple[ImageId, ...]) -> Post:
    """Return the post from `POST_COLUMNS`, and its images in order."""
    return Post(
        id=PostId(row.id),
        author_id=UserId(row.author_id),
        text=row.text,
        image_ids=image_ids,
        created_at=row.created_at,
        visibility=Visibility(row.visibility),
        like_count=row.like_count,
        comment_count=row.comment_count,
        edited_at=row.edited_at,
        sensitive=row.sensitive,
        warning=row.warning,
    )


def comment_of(row: Any) -> Comment:
    """Return the comment from `COMMENT_COLUMNS`."""
    return Comment(CommentId(row.id), PostId(row.post_id), UserId(row.author_id), row.text, row.created_at)


def understanding_of(row: Any) -> Understanding:
    """Return the task from `UNDERSTANDING_COLUMNS`."""
    return Understanding(
        image_id=ImageId(row.image_id),
        task=Task(row.task),
        state=State(row.state),
        attempts=row.attempts,
        model=row.model,
        error=row.error,
        next_attempt_at=row.next_attempt_at,
    )


def understanding_columns(row: Understanding) -> dict[str, Any]:
    """Return all columns of `understandings`."""
    return {
        "image_id": row.image_id,
        "task": row.task.value,
        "state": row.state.value,
        "attempts": row.attempts,
        "model": row.model,
        "error": row.error,
        "next_attempt_at": row.next_attempt_at,
    }
