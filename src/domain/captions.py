"""Alt text, and the machine that drafts it."""

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
"""Characters of a tag; what is longer is a sentence."""


class Source(StrEnum):
    """Who said it."""

    HUMAN = "human"
    MODEL = "model"
    EDITED = "edited"
    LABELS = "labels"


@dataclass(frozen=True, slots=True)
class AltText:
    """What stands in for the picture for those who do not see it: 1-1500 characters."""

    text: str
    source: Source
    model: str | None = None

    def __post_init__(self) -> None:
        validate_text("alt_text", self.text, min_length=1, max_length=MAX_ALT_TEXT)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A draft by a machine; not alt text until the owner takes it."""

    text: str
    source: Source
    model: str | None
    prompt_version: str | None = None


def alt_text_from(text: str, suggestion: Suggestion | None, *, based_on_suggestion: bool) -> AltText:
    """The owner's words, with who said them: a suggestion taken unchanged stays the machine's, a changed one is
    `edited` when the owner says it was based on it, everything else is `human`."""
    if suggestion is not None and text == suggestion.text:
        return AltText(text, suggestion.source, suggestion.model)
    if suggestion is not None and based_on_suggestion:
        return AltText(text, Source.EDITED, suggestion.model)
    return AltText(text, Source.HUMAN)


@dataclass(frozen=True, slots=True)
class ModelTags:
    """What a model said is to be seen, in everyday words: 1-40 characters each, lower case, none twice, best first.
    They are the model's, not the owner's, and carry who said them."""

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
    """What a writer answered. Without a `suggestion` it had nothing honest to say or, when `declined`, would not say
    it; the same picture would get the same answer. `usage` is what a paid answer took."""

    suggestion: Suggestion | None = None
    model_tags: ModelTags | None = None
    usage: TokenUsage | None = None
    declined: bool = False


@dataclass(frozen=True, slots=True)
class CallTerms:
    """What a paid call is made under: who answers, asked in which words, and the most tokens that one call takes."""

    model: str
    prompt_version: str
    max_usage: TokenUsage


def clean_draft_text(text: str) -> str | None:
    """A machine's words as they may stand in for a picture: on one line, without control characters, cut at the end of
    a sentence (else of a word) where they are longer than alt text may be; None when nothing is left."""
    words = to_single_line(text)
    if len(words) <= MAX_ALT_TEXT:
        return words or None
    head = words[: MAX_ALT_TEXT - 1]
    sentence = max(head.rfind(mark) for mark in (". ", "! ", "? "))
    if sentence > MAX_ALT_TEXT // 2:
        return head[: sentence + 1]
    return f"{head[: head.rfind(' ')] if ' ' in head else head}…"


def clean_draft_tags(words: Sequence[str]) -> tuple[str, ...]:
    """The usable ones of a machine's tags: folded, letters, digits, spaces, hyphens and apostrophes only, none twice,
    the first 12."""
    folded = (to_single_line(word).lower().removeprefix("#").strip() for word in words)
    usable = (tag for tag in folded if 0 < len(tag) <= MAX_TAG_LENGTH and _is_plain_tag(tag))
    return tuple(dict.fromkeys(usable))[:MAX_TAGS]


def _is_plain_tag(tag: str) -> bool:
    return all(letter.isalnum() or letter in " -'" for letter in tag)


class WriterLockedOut(Unavailable):
    """The writer cannot write for anybody until its operator acts (a key, credit, a price): no picture's fault."""

    code = "captions_locked_out"

    def __init__(self, operator_detail: str | None = None) -> None:
        super().__init__("captions wait for the operator", operator_detail=operator_detail)


class UnusableDraft(Unavailable):
    """The service answered, and was paid, but not in the shape it was asked for."""

    code = "unusable_draft"

    def __init__(self, detail: str, *, usage: TokenUsage | None = None) -> None:
        super().__init__(detail)
        self.usage = usage


class LostCall(Unavailable):
    """The call went out and no answer came in: it may have been billed."""

    code = "lost_call"


class PictureRefused(Invalid):
    """The service does not take this picture; sending it again cannot help."""

    code = "picture_refused"


class CaptionWriter(Protocol):
    @property
    @abstractmethod
    def needs_labels(self) -> bool:
        """Whether a caption must wait for the classifier."""

    @property
    @abstractmethod
    def terms(self) -> CallTerms | None:
        """What a call is made and paid under; None when writing costs nothing and need not be remembered."""

    @abstractmethod
    async def write(self, data: bytes, labels: Sequence[Label]) -> CaptionDraft:
        """Draft alt text for an encoded image and its shown labels, in one call and without retries of its own.

        Raises `WriterLockedOut`, `UnusableDraft` (paid for), `LostCall` (perhaps paid for), `PictureRefused`, what
        decoding raises (`BrokenImage`, …), and `Unavailable` when the writer is busy or away; its `retry_after` is
        what the service asked for.
        """


CAPTIONS_OFF = "captions are switched off (TINTYPE_CAPTIONS)"
CAPTION_DECLINED = "the model declined to describe this picture"


def plan_caption(image_id: ImageId, writer: CaptionWriter | None, now: datetime) -> Understanding:
    """What becomes of a new image's caption: due now, waiting for the labels, or skipped when nobody writes any."""
    row = Understanding(image_id, Task.CAPTION)
    if writer is None:
        return row.mark_skipped(CAPTIONS_OFF)
    return row if writer.needs_labels else row.schedule(now)
