"""Consent of users to captions by a service outside the server."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.captions import CAPTIONS_DECLINED, CAPTIONS_OFF, CaptionWriter, Source
from domain.errors import FieldError, Invalid
from domain.ids import ImageId, UserId
from domain.images import Image
from domain.posts import Visibility
from domain.understanding import State, Task


class CaptionChoice(StrEnum):
    """Who may describe a user's images: nobody, a model on the server, or an external service."""

    NONE = "none"
    OFFLINE = "offline"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Consent:
    """The answer of a user. `followers_only`: images for followers may be sent to the service too. Before an answer
    `decided_at` is None, and nothing is sent."""

    captions: CaptionChoice = CaptionChoice.OFFLINE
    followers_only: bool = False
    decided_at: datetime | None = None

    def choice_for(self, audience: Visibility, *, hidden: bool = False) -> CaptionChoice:
        """Return who may describe an image for that audience. The service gets none that a decision hides."""
        is_included = not hidden and (audience is Visibility.PUBLIC or self.followers_only)
        is_agreed = self.decided_at is not None and is_included
        return CaptionChoice.OFFLINE if self.captions is CaptionChoice.SERVICE and not is_agreed else self.captions


@dataclass(frozen=True, slots=True)
class CaptionWriters:
    """The writers that the operator offers. With neither, captions are off."""

    offline: CaptionWriter | None
    service: CaptionWriter | None

    @classmethod
    def of(cls, configured: CaptionWriter | None, offline: CaptionWriter) -> "CaptionWriters":
        """Return the configured writer, and beside an external service also the `offline` one."""
        if configured is None or configured.service_name is None:
            return cls(configured, None)
        return cls(offline, configured)

    @property
    def offered(self) -> tuple[CaptionChoice, ...]:
        """Return the choices of a user."""
        choices = [CaptionChoice.NONE]
        if self.offline is not None:
            choices.append(CaptionChoice.OFFLINE)
        if self.service is not None:
            choices.append(CaptionChoice.SERVICE)
        return tuple(choices)

    @property
    def service_name(self) -> str | None:
        return self.service.service_name if self.service is not None else None

    def select(self, choice: CaptionChoice) -> CaptionWriter | str:
        """Return the writer for a choice, the offline one for a service that is not offered any more. Without a writer,
        return the reason."""
        if choice is CaptionChoice.NONE:
            return CAPTIONS_DECLINED
        wanted = self.service if choice is CaptionChoice.SERVICE else None
        return wanted or self.offline or CAPTIONS_OFF

    def require_offered(self, choice: CaptionChoice) -> None:
        """Raise `Invalid` for a choice that the operator does not offer."""
        if choice not in self.offered:
            offered = ", ".join(self.offered)
            raise Invalid.of(FieldError("consent", "not_offered", f"must be one of {offered} on this server", offered))


def is_requested_by_consent(image: Image, *, replace_offline: bool) -> bool:
    """Whether a new answer of the owner requests a caption of the image again. SQL:
    `_REQUEST_CAPTIONS` in `adapters/postgres/understandings.py`."""
    row, draft = image.understanding[Task.CAPTION], image.suggestion
    if row.state is State.SKIPPED:
        return row.error == CAPTIONS_DECLINED
    is_offline = draft is not None and draft.source is Source.LABELS and image.alt_text is None
    return replace_offline and row.state is State.DONE and is_offline


class Consents(Protocol):
    """The answers of a unit of work."""

    @abstractmethod
    async def get(self, user_id: UserId) -> Consent:
        """Return the answer of a user; `Consent()` before the first."""

    @abstractmethod
    async def save(self, user_id: UserId, consent: Consent) -> None:
        """Replace the answer of a user. Raises `UserNotFound` when the account is gone."""

    @abstractmethod
    async def choice_for(self, image_id: ImageId) -> CaptionChoice:
        """Return who may describe the image, by its owner's answer, by whether the image or its post is hidden, and by
        its audience: that of its post, or that of the owner's next post while it is in none. `NONE` when the image is
        gone."""
