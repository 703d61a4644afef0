"""Sensitive media: scores of a detector, and the answers of the images' owners.

A score leads to a question to the owner and to nothing else. It changes neither who sees an image nor its place in any
list.
"""

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from domain.errors import Conflict, Unavailable
from domain.ids import ImageId, UserId
from domain.pages import Page, PageRequest
from domain.understanding import LEASE, MAX_ATTEMPTS, MAX_RETRY_AFTER, backoff


@dataclass(frozen=True, slots=True)
class Detection:
    """The result of a detector. `score` (0-1) states how likely the image is sensitive, `model` (`name@version`) what
    computed it."""

    model: str
    score: float


@dataclass(frozen=True, slots=True)
class SensitivityScore:
    """A detector's score of an image and its owner's answer. `next_attempt_at` is when the detector is due, or, while
    it runs, when its worker counts as dead; None when it has ended. Without a `score` nothing is known about the image:
    it does not count as harmless. `asked` states whether the score leads to a question, `answer` whether the owner
    calls the image sensitive."""

    image_id: ImageId
    next_attempt_at: datetime | None
    attempts: int = 0
    model: str | None = None
    score: float | None = None
    asked: bool = False
    scored_at: datetime | None = None
    answer: bool | None = None
    answered_at: datetime | None = None

    @property
    def is_pending(self) -> bool:
        return self.next_attempt_at is not None

    def is_due(self, now: datetime) -> bool:
        return self.next_attempt_at is not None and self.next_attempt_at <= now

    def is_exhausted(self) -> bool:
        """Whether no attempt is left. Check this before starting one."""
        return self.attempts >= MAX_ATTEMPTS

    def start(self, now: datetime) -> "SensitivityScore":
        """Start an attempt. It is counted now, so that an image that kills its worker is counted too."""
        return replace(self, attempts=self.attempts + 1, next_attempt_at=now + LEASE)

    def postpone(self, until: datetime) -> "SensitivityScore":
        return replace(self, next_attempt_at=until)

    def undo_start(self, until: datetime) -> "SensitivityScore":
        """Postpone after an attempt that does not count."""
        return replace(self, attempts=self.attempts - 1, next_attempt_at=until)

    def retry_later(self, now: datetime, jitter: float, at_least: timedelta) -> "SensitivityScore":
        """Retry after a failed attempt, or end without a score after the last one."""
        if self.is_exhausted():
            return self.end()
        return self.postpone(now + max(backoff(self.attempts, jitter), min(at_least, MAX_RETRY_AFTER)))

    def end(self) -> "SensitivityScore":
        """End without a score."""
        return replace(self, next_attempt_at=None)

    def set_score(self, detection: Detection, threshold: float, now: datetime) -> "SensitivityScore":
        """Store a result. The owner is asked if the score reaches the threshold."""
        asked = detection.score >= threshold
        return replace(self.end(), model=detection.model, score=detection.score, asked=asked, scored_at=now)

    def set_answer(self, now: datetime, *, sensitive: bool) -> "SensitivityScore":
        """Store the owner's answer, which replaces an earlier one. Raises `NotScored`."""
        if self.score is None:
            raise NotScored
        return replace(self, answer=sensitive, answered_at=now)


@dataclass(frozen=True, slots=True)
class OwnScore:
    """A score as the owner of the image sees it. `is_marked` states whether its post is marked as sensitive."""

    score: SensitivityScore
    is_marked: bool = False

    @property
    def is_question(self) -> bool:
        """Whether the owner is asked now."""
        return self.score.asked and self.score.answer is None and not self.is_marked


class NotScored(Conflict):
    code = "not_scored"

    def __init__(self) -> None:
        super().__init__(
            "no detector has rated this image, so there is nothing to answer; "
            "to mark a post as sensitive, set its field sensitive"
        )


class DetectorMissing(Unavailable):
    """The detector cannot run on this machine, whatever the image. `operator_detail` states the remedy."""

    code = "detector_missing"

    def __init__(self, operator_detail: str) -> None:
        super().__init__("the detector of sensitive media is not available", operator_detail=operator_detail)


class SensitiveMediaDetector(Protocol):
    @abstractmethod
    async def detect(self, data: bytes) -> Detection:
        """Rate an encoded image. Raises `BrokenImage`, `UnsupportedImage`, `TooManyPixels`, `DetectorMissing`,
        `Unavailable`."""


class SensitivityScores(Protocol):
    """The scores of a unit of work."""

    @abstractmethod
    async def add(self, score: SensitivityScore) -> None:
        """Store the row of a new image."""

    @abstractmethod
    async def get(self, image_id: ImageId) -> SensitivityScore | None:
        """Return the score, which does not change until the unit of work ends; None for images without a row."""

    @abstractmethod
    async def save(self, score: SensitivityScore) -> None:
        """Replace the score. Has no effect when the image is gone."""

    @abstractmethod
    async def is_any_sensitive(self, image_ids: Collection[ImageId]) -> bool:
        """Whether the owner answered for one of these images that it is sensitive."""

    @abstractmethod
    async def find_due(self, now: datetime, limit: int) -> Sequence[ImageId]:
        """Return images for which the detector is due, the most overdue first."""


class SensitivityScoreReader(Protocol):
    @abstractmethod
    async def of_images(self, image_ids: Collection[ImageId], owner_id: UserId) -> Mapping[ImageId, OwnScore]:
        """Return the scores of those images that this user owns; others and images without a row are left out."""

    @abstractmethod
    async def answered(self, page: PageRequest) -> Page[SensitivityScore]:
        """Return all answered scores, newest image first."""
