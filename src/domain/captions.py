"""Alt text, and the machine that drafts it."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.ids import ImageId
from domain.text import checked
from domain.understanding import Task, Understanding
from domain.vision import Label

MAX_ALT_TEXT = 1500


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
        checked("alt_text", self.text, least=1, most=MAX_ALT_TEXT)


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


class CaptionWriter(Protocol):
    @property
    @abstractmethod
    def needs_labels(self) -> bool:
        """Whether a caption must wait for the classifier."""

    @abstractmethod
    async def write(self, data: bytes, labels: Sequence[Label]) -> Suggestion | None:
        """Draft alt text for an encoded image and its shown labels; None when there is nothing honest to say.

        Raises `Unavailable` when the writer is busy or away.
        """


CAPTIONS_OFF = "captions are switched off (TINTYPE_CAPTIONS)"


def planned_caption(image_id: ImageId, writer: CaptionWriter | None, now: datetime) -> Understanding:
    """What becomes of a new image's caption: due now, waiting for the labels, or skipped when nobody writes any."""
    row = Understanding(image_id, Task.CAPTION)
    if writer is None:
        return row.skipped(CAPTIONS_OFF)
    return row if writer.needs_labels else row.asked(now)
