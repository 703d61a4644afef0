"""Alt text, and the port of the service that drafts it."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.errors import Invalid, Unavailable
from domain.ids import ImageId
from domain.text import to_single_line, validate_text
from domain.understanding import Task, Understanding
from domain.vision import Label

MAX_ALT_TEXT = 1500
MAX_TAGS = 12
MAX_TAG_LENGTH = 40
"""Characters of a tag. Longer answers are sentences, not tags."""


class Source(StrEnum):
    """The origin of a text."""

    HUMAN = "human"
    MODEL = "model"
    EDITED = "edited"
    LABELS = "labels"


@dataclass(frozen=True, slots=True)
class AltText:
    """Alternative text of an image, for people who cannot see it: 1-1500 characters."""

    text: str
    source: Source
    model: str | None = None

    def __post_init__(self) -> None:
        validate_text("alt_text", self.text, min_length=1, max_length=MAX_ALT_TEXT)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Alt text drafted by a model. It becomes alt text when the owner accepts it."""

    text: str
    source: Source
    model: str | None
    prompt_version: str | None = None


def alt_text_from(text: str, suggestion: Suggestion | None, *, based_on_suggestion: bool) -> AltText:
    """Return the owner's alt text with its source. An accepted, unchanged suggestion keeps the model as its source. A
    changed one is `edited` if the owner states that it is based on the suggestion. All other text is `human`."""
    if suggestion is not None and text == suggestion.text:
        return AltText(text, suggestion.source, suggestion.model)
    if suggestion is not None and based_on_suggestion:
        return AltText(text, Source.EDITED, suggestion.model)
    return AltText(text, Source.HUMAN)


@dataclass(frozen=True, slots=True)
class ModelTags:
    """Tags from a model: everyday words of 1-40 characters, lower case, distinct, best first. They are marked with
    their source, because they are not the owner's words."""

    tags: tuple[str, ...]
    model: str
    prompt_version: str | None = None


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """Tokens of one call, as the service counts and bills them."""

    tokens_in: int
    tokens_out: int


@dataclass(frozen=True, slots=True)
class CaptionDraft:
    """The answer of a caption writer. Without a `suggestion` the writer had no reliable description, or refused to give
    one (`declined`); the same image would get the same answer. `usage` holds the tokens of a paid answer."""

    suggestion: Suggestion | None = None
    model_tags: ModelTags | None = None
    usage: TokenUsage | None = None
    declined: bool = False


@dataclass(frozen=True, slots=True)
class CallTerms:
    """The terms of a paid call: the model, the version of the prompt, and the maximum usage."""

    model: str
    prompt_version: str
    max_usage: TokenUsage


def clean_draft_text(text: str) -> str | None:
    """Return a model's text in a form usable as alt text, or None if nothing remains. The result is one line without
    control characters. Text that exceeds the limit is cut at the end of a sentence, otherwise of a word."""
    words = to_single_line(text)
    if len(words) <= MAX_ALT_TEXT:
        return words or None
    head = words[: MAX_ALT_TEXT - 1]
    sentence = max(head.rfind(mark) for mark in (". ", "! ", "? "))
    if sentence > MAX_ALT_TEXT // 2:
        return head[: sentence + 1]
    return f"{head[: head.rfind(' ')] if ' ' in head else head}…"


def clean_draft_tags(words: Sequence[str]) -> tuple[str, ...]:
    """Return the usable tags of a model, at most 12: normalized, distinct, and made of letters, digits, spaces, hyphens
    and apostrophes only."""
    normalized = (to_single_line(word).lower().removeprefix("#").strip() for word in words)
    usable = (tag for tag in normalized if 0 < len(tag) <= MAX_TAG_LENGTH and _is_plain_tag(tag))
    return tuple(dict.fromkeys(usable))[:MAX_TAGS]


def _is_plain_tag(tag: str) -> bool:
    return all(letter.isalnum() or letter in " -'" for letter in tag)


class WriterLockedOut(Unavailable):
    """The writer fails for every image until its operator acts (an API key, credit, a price). No image is at fault."""

    code = "captions_locked_out"

    def __init__(self, operator_detail: str | None = None) -> None:
        super().__init__(
            "captions are paused until the operator fixes a problem; they continue automatically",
            operator_detail=operator_detail,
        )


class UnusableDraft(Unavailable):
    """The service answered and billed the call, but the answer has the wrong format."""

    code = "unusable_draft"

    def __init__(self, detail: str, *, usage: TokenUsage | None = None) -> None:
        super().__init__(detail)
        self.usage = usage


class LostCall(Unavailable):
    """The call was sent and no answer arrived. It may have been billed."""

    code = "lost_call"


class ImageRefused(Invalid):
    """The service rejects this image. Sending it again cannot succeed."""

    code = "image_refused"


class CaptionWriter(Protocol):
    @property
    @abstractmethod
    def service_name(self) -> str | None:
        """Return the name of the external service that gets the images, or None if they stay on the server."""

    @property
    @abstractmethod
    def needs_labels(self) -> bool:
        """Whether a caption needs the labels of the classifier first."""

    @property
    @abstractmethod
    def terms(self) -> CallTerms | None:
        """Return the terms of a paid call. None means that calls are free and answers need not be cached."""

    @abstractmethod
    async def write(self, data: bytes, labels: Sequence[Label]) -> CaptionDraft:
        """Draft alt text for an encoded image and its displayed labels, in one call without retries.

        Raises `WriterLockedOut`, `UnusableDraft` (billed), `LostCall` (possibly billed), `ImageRefused`, the errors
        of decoding (`BrokenImage`, …), and `Unavailable` when the writer is busy or unreachable; its `retry_after` is
        the delay that the service requested.
        """


CAPTIONS_DECLINED = "the owner chose no suggested alt text"
CAPTIONS_OFF = "captions are switched off"
CAPTION_DECLINED = "the model declined to describe this image"


def plan_caption(image_id: ImageId, writer: CaptionWriter | str, now: datetime) -> Understanding:
    """Return the caption task of a new image: due now, waiting for the labels, or skipped for the reason that there is
    no writer."""
    row = Understanding(image_id, Task.CAPTION)
    if isinstance(writer, str):
        return row.mark_skipped(writer)
    return row if writer.needs_labels else row.schedule(now)
