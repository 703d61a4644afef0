"""Conversion between rows and values."""

from typing import Any

from domain.comments import Comment
from domain.ids import CommentId, ImageId, PostId, TokenId, UserId
from domain.posts import Post, Visibility
from domain.roles import Role
from domain.tokens import Token
from domain.understanding import State, Task, Understanding
from domain.users import EmailStatus, User


def user_of(row: Any) -> User:
    """Return the user from all columns of `users`."""
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
        role=Role(row.role),
        followers_count=row.followers_count,
        following_count=row.following_count,
        posts_count=row.posts_count,
        email_status=EmailStatus(row.email_status),
    )


def token_of(row: Any) -> Token:
    """Return the token from all columns of `tokens`."""
    return Token(
        TokenId(row.id),
        UserId(row.user_id),
        row.hash,
        row.created_at,
        row.expires_at,
        row.confirmed_at,
        row.second_factor_at,
    )


def post_of(row: Any, image_ids: tuple[ImageId, ...]) -> Post:
    """Return the post from all columns of `posts`, and its images in order."""
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
    """Return the comment from all columns of `comments`."""
    return Comment(CommentId(row.id), PostId(row.post_id), UserId(row.author_id), row.text, row.created_at)


def understanding_of(row: Any) -> Understanding:
    """Return the task from all columns of `understandings`."""
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
