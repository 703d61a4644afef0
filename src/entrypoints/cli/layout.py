"""Formats posts, comments, accounts and other results for a terminal."""

import shutil
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import typer

from domain.comments import CommentView
from domain.counters import Drift
from domain.images import Image
from domain.post_views import PostView
from domain.profiles import Byline, Profile
from domain.rankings import RankedPost
from domain.roles import Role
from domain.similarity import SimilarPost
from domain.understanding import State, Task
from domain.vision import Label
from entrypoints.cli.output import clean
from entrypoints.wording import format_ago, format_duration, pluralize

_STATES = {
    State.PENDING: "not classified yet",
    State.RUNNING: "being classified",
    State.FAILED: "classification failed",
    State.SKIPPED: "classification skipped",
    State.DONE: "no label: the model is not sure",
}


def post(view: PostView, now: datetime) -> str:
    """Author and age, text, a line for each image, counts and id."""
    counts = f"{pluralize(view.post.like_count, 'like')}, {pluralize(view.post.comment_count, 'comment')}"
    lines = [f"{_byline(view.author)} · {format_ago(view.post.created_at, now)}", *_wrap(view.post.text)]
    for image in view.images:
        lines += _image_lines(image)
    lines.append(_dim(f"{counts}{', liked' if view.liked else ''} · {view.post.id}"))
    return "\n".join(lines)


def ranked_post(ranked: RankedPost, now: datetime) -> str:
    """The rank, the post, and the parts of its score."""
    why = ranked.why
    parts = f"{pluralize(why.likes, 'like')}"
    if why.half_life_seconds is not None:
        parts += f", {format_duration(why.age_seconds)} old, half-life {format_duration(why.half_life_seconds)}"
    number = f"{ranked.rank}."
    text = f"{post(ranked.view, now)}\n{_dim(f'score {ranked.score:.2f}: {parts}')}"
    return f"{typer.style(f'{number:<4}', bold=True)}{textwrap.indent(text, '    ')[4:]}"


def similar_post(similar: SimilarPost, now: datetime) -> str:
    """The distance of its most similar image, and the post."""
    text = f"{post(similar.view, now)}"
    return f"{typer.style(f'{similar.distance:.3f}', bold=True)}  {textwrap.indent(text, '       ')[7:]}"


def comment(view: CommentView, now: datetime) -> str:
    head = f"{_byline(view.author)} · {format_ago(view.comment.created_at, now)}"
    return textwrap.indent("\n".join([head, *_wrap(view.comment.text)]), "  ")


def person(profile: Profile) -> str:
    user = profile.user
    counts = f"{pluralize(user.posts_count, 'post')}, {pluralize(user.followers_count, 'follower')}"
    lines = [
        typer.style(user.username, bold=True) + ("" if user.role is Role.USER else f" ({user.role})"),
        *([clean(user.display_name)] if user.display_name != user.username else []),
        *_wrap(user.bio),
        clean(user.email),
        f"{counts}, follows {user.following_count}",
        _dim(f"since {user.created_at:%Y-%m-%d} · {user.id}"),
    ]
    return "\n".join(lines)


def label_lines(labels: Sequence[Label]) -> Iterator[str]:
    """A line for each label: its probability, its name, and its class."""
    for label in labels:
        yield f"  {label.score:7.2%}  {label.name}  {_dim(f'{label.key} {label.class_index}')}"


def manifest_lines(entries: Mapping[str, Any]) -> Iterator[str]:
    """A line for each entry of a model's manifest. Long lists are replaced by their length."""
    for name, value in entries.items():
        if isinstance(value, Mapping):
            text = ", ".join(f"{key} {one}" for key, one in value.items())
        else:
            text = f"{len(value)} entries" if isinstance(value, list) else str(value)
        yield f"  {name:<18}{clean(text)}"


def drift(drift: Drift) -> str:
    return f"{drift.counter} of {drift.id} is {drift.stored}, but there are {drift.actual} rows"


def _image_lines(image: Image) -> Iterator[str]:
    kind = image.content_type.removeprefix("image/").upper()
    yield f"  {image.width}×{image.height} {kind}: {_classification(image)}"
    if image.alt_text:
        yield from _wrap(f"“{image.alt_text.text}”", "  ")
    elif image.suggestion:
        yield from _wrap(f"“{image.suggestion.text}” (suggested by {image.suggestion.source})", "  ")


def _classification(image: Image) -> str:
    if labels := image.labels:
        return ", ".join(_label(label) for label in labels)
    row = image.understanding.get(Task.CLASSIFICATION)
    return _STATES[row.state] if row else _STATES[State.PENDING]


def _label(label: Label) -> str:
    return f"{label.name} {label.score:.0%}{f', {label.verdict}' if label.verdict else ''}"


def _byline(author: Byline) -> str:
    name = typer.style(author.username, bold=True)
    return name if author.display_name == author.username else f"{name} ({clean(author.display_name)})"


def _wrap(text: str, indent: str = "") -> list[str]:
    width = min(shutil.get_terminal_size().columns, 100) - 4
    lines: list[str] = []
    for paragraph in clean(text).splitlines():
        lines += textwrap.wrap(paragraph, width, initial_indent=indent, subsequent_indent=indent) or [""]
    return lines


def _dim(text: str) -> str:
    return typer.style(text, dim=True)
