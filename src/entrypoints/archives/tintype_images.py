"""Images of `tintype.json`, with who said what about them."""

from enum import Enum
from math import isfinite
from typing import TypeVar
from uuid import UUID

from domain.archives import ArchivedImage, UnusableEntry, shorten
from domain.captions import MAX_ALT_TEXT, MAX_TAGS, AltText, ModelTags, Source, Suggestion, clean_draft_tags
from domain.text import is_blank, without_unstorable
from domain.understanding import State
from domain.vision import CLASS_COUNT, Label, Verdict
from entrypoints.archives.fields import Fields, as_fields, objects_of, read_time, text_of, texts_of

MAX_LABELS = 10
MAX_NAME = 200
"""Characters of the name of a label or a model."""

E = TypeVar("E", bound=Enum)


def read_image(entry: Fields) -> ArchivedImage:
    """Return an image. Raises `UnusableEntry`."""
    caption = as_fields(as_fields(entry.get("understanding")).get("caption"))
    is_captioned = choice_of(State, caption.get("state")) is State.DONE
    return ArchivedImage(
        text_of(entry, "id"),
        text_of(entry, "file"),
        _read_alt_text(as_fields(entry.get("alt_text"))),
        _read_id(entry),
        read_time(text_of(entry, "created_at")),
        _read_suggestion(as_fields(entry.get("suggestion"))),
        _read_tags(as_fields(entry.get("model_tags"))),
        tuple(label for fields in objects_of(entry, "labels")[:MAX_LABELS] if (label := _read_label(fields))),
        _name(caption, "model") if is_captioned else None,
    )


def choice_of(kind: type[E], value: object) -> E | None:
    """Return the value of an enumeration, None for another one."""
    return next((choice for choice in kind if choice.value == value), None)


def _read_id(entry: Fields) -> UUID:
    try:
        found = UUID(text_of(entry, "id"))
    except ValueError:
        raise UnusableEntry("has an image without a valid id") from None
    if found.version != 7:  # noqa: PLR2004 — the version that all ids have
        raise UnusableEntry("has an image without a valid id")
    return found


def _read_alt_text(fields: Fields) -> AltText | None:
    text, source = _text(fields), choice_of(Source, fields.get("source"))
    return AltText(text, source or Source.HUMAN, _name(fields, "model") or None) if text else None


def _read_suggestion(fields: Fields) -> Suggestion | None:
    text, source = _text(fields), choice_of(Source, fields.get("source"))
    if not text or source not in {Source.MODEL, Source.LABELS}:
        return None
    return Suggestion(text, source, _name(fields, "model") or None, _name(fields, "prompt_version") or None)


def _read_tags(fields: Fields) -> ModelTags | None:
    tags, model = clean_draft_tags(texts_of(fields, "tags")[:MAX_TAGS]), _name(fields, "model")
    return ModelTags(tags, model, _name(fields, "prompt_version") or None) if model else None


def _read_label(fields: Fields) -> Label | None:
    key, name, score = _name(fields, "key"), _name(fields, "name"), fields.get("score")
    index = fields.get("class_index")
    if not key or not name or not isinstance(score, int | float) or not isfinite(score) or not 0 <= score <= 1:
        return None
    if index is not None and (not isinstance(index, int) or not 0 <= index < CLASS_COUNT):
        return None
    tags = tuple(shorten(without_unstorable(tag), MAX_NAME) for tag in texts_of(fields, "tags")[:MAX_TAGS])
    return Label(key, name, index, float(score), tags, choice_of(Verdict, fields.get("verdict")))


def _text(fields: Fields) -> str:
    text = without_unstorable(text_of(fields, "text")).strip()
    return "" if is_blank(text) else shorten(text, MAX_ALT_TEXT)


def _name(fields: Fields, name: str) -> str:
    return shorten(without_unstorable(text_of(fields, name)), MAX_NAME)
