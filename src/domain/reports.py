"""Reports: users say that a post, a comment, an image or a user breaks a rule. Moderators see them grouped."""

from abc import abstractmethod
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.effects import Target
from domain.errors import FieldError, Invalid
from domain.ids import ReportGroupId, ReportId, UserId
from domain.limits import Limits
from domain.pages import Page, PageRequest
from domain.roles import Role
from domain.text import validate_text
from domain.users import User

MAX_NOTE = 1_000
MAX_COUNTED = 1_000
"""The number of newest reports of a group whose reasons are counted."""


class Reason(StrEnum):
    """Why something is reported. Two are the service's own: `REVIEW`, a post of a new account waits for approval, and
    `KNOWN_IMAGE`, an image matches a list of known images."""

    SPAM = "spam"
    HARASSMENT = "harassment"
    HATE = "hate"
    VIOLENCE = "violence"
    SEXUAL = "sexual"
    SELF_HARM = "self_harm"
    PRIVACY = "privacy"
    COPYRIGHT = "copyright"
    ILLEGAL = "illegal"
    OTHER = "other"
    REVIEW = "review"
    KNOWN_IMAGE = "known_image"

    @property
    def is_reserved(self) -> bool:
        """Whether only the service reports for this reason."""
        return self in {Reason.REVIEW, Reason.KNOWN_IMAGE}


@dataclass(frozen=True, slots=True)
class Report:
    """A report about a target of `user_id`. `reporter_id` is None if the service reports, or if the account of the
    reporter was deleted. Raises `Invalid`."""

    id: ReportId
    target: Target
    user_id: UserId
    reporter_id: UserId | None
    reason: Reason
    note: str
    created_at: datetime

    def __post_init__(self) -> None:
        validate_text("note", self.note, max_length=MAX_NOTE)


@dataclass(frozen=True, slots=True)
class ReportGroup:
    """The open reports about one target. The group closes with the next decision about the target."""

    id: ReportGroupId
    target: Target
    user_id: UserId
    reports_count: int
    created_at: datetime
    reported_at: datetime
    reasons: Mapping[Reason, int] = field(default_factory=dict)


def count_reasons(reasons: Iterable[Reason]) -> Mapping[Reason, int]:
    """Return how often each reason was given, the most frequent first."""
    return dict(Counter(reasons).most_common())


class CannotReport(Invalid):
    """The report is about the reporter's own content, or has a reason that is not for users."""

    code = "cannot_report"


def require_reportable(reporter: UserId, user_id: UserId, reason: Reason) -> None:
    """Raise `CannotReport`, or `Invalid` for a reason of the service."""
    if reason.is_reserved:
        raise Invalid.of(FieldError("reason", "reserved", "is used by the service only; choose another", None, reason))
    if reporter == user_id:
        raise CannotReport("this is yours; edit or delete it instead", field="id")


def needs_review(author: User, limits: Limits) -> bool:
    """Whether another post of the author waits for approval: one of the first of an account without a role."""
    return author.role is Role.USER and author.posts_count < limits.review_first_posts


class Reports(Protocol):
    """The reports of a unit of work."""

    @abstractmethod
    async def add(self, report: Report, group_id: ReportGroupId) -> Report:
        """Add a report to the open group of its target, or to a new group with this id. Return the report; if the
        reporter has one in that group already, return that one, unchanged."""

    @abstractmethod
    async def close(self, target: Target, now: datetime) -> None:
        """Close the open group of this target, if any."""


class ReportReader(Protocol):
    """The queue of moderators. Reads run outside any unit of work."""

    @abstractmethod
    async def open_groups(self, page: PageRequest) -> Page[ReportGroup]:
        """Return the open groups, newest first."""

    @abstractmethod
    async def group(self, group_id: ReportGroupId) -> ReportGroup | None:
        """Return a group, open or closed, or None."""

    @abstractmethod
    async def of_group(self, group_id: ReportGroupId, page: PageRequest) -> Page[Report]:
        """Return the reports of a group, newest first."""
