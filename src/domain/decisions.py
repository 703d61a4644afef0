"""Decisions of moderators: what happens to a post, a comment, an image or a user, by which rule, why and until when."""

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from domain.appeals import AlreadyAppealed, Appeal, NotAppealable
from domain.effects import Effect, Target, TargetKind
from domain.errors import Forbidden, Invalid, NotFound
from domain.ids import DecisionId, ImageId, PostId, UserId
from domain.pages import Page, PageRequest
from domain.roles import Role

MAX_OTHERS = 10
HOLD_RULE = "first posts"
"""The rule of decisions that the service itself makes."""
FOREVER = datetime.max.replace(tzinfo=UTC)
"""The end of an effect without an end."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision about a target of `user_id`. `moderator_id` is None if the service itself decided. `in_force`: neither
    replaced nor reverted; the effect also ends at `until`."""

    id: DecisionId
    target: Target
    user_id: UserId
    moderator_id: UserId | None
    rule: str
    reason: str
    effect: Effect
    until: datetime | None
    created_at: datetime
    in_force: bool
    appeal: Appeal | None = None

    @property
    def end(self) -> datetime:
        return self.until or FOREVER

    def is_effective(self, now: datetime) -> bool:
        return self.in_force and now < self.end


def hold(decision_id: DecisionId, target: Target, user_id: UserId, now: datetime) -> Decision:
    """Return the decision by which the service hides a post of a new account until a moderator decides."""
    reason = "the first posts of a new account wait for the approval of a moderator"
    return Decision(decision_id, target, user_id, None, HOLD_RULE, reason, Effect.HIDE, None, now, in_force=True)


def hidden_until(decisions: Iterable[Decision]) -> datetime | None:
    """Return until when decisions about a target, its post and its user hide the target; None if none hides it.

    SQL: `hiding_end` in `adapters/postgres/decision_effects.py`.
    """
    return _latest_end(decisions, {Effect.HIDE, Effect.SUSPEND, Effect.QUARANTINE})


def limited_until(decisions: Iterable[Decision]) -> datetime | None:
    """Return until when decisions exclude a target from rankings and search. What is hidden is limited too.

    SQL: `limiting_end` in `adapters/postgres/decision_effects.py`.
    """
    return _latest_end(decisions, {Effect.HIDE, Effect.SUSPEND, Effect.LIMIT, Effect.QUARANTINE})


def sensitive_until(decisions: Iterable[Decision]) -> datetime | None:
    """Return until when decisions mark a post as sensitive. SQL: `marking_end` in
    `adapters/postgres/decision_effects.py`."""
    return _latest_end(decisions, {Effect.MARK_SENSITIVE})


def is_quarantined(decisions: Iterable[Decision]) -> bool:
    """Whether decisions about an image quarantine it: no address serves it, and its post is hidden.

    SQL: `QUARANTINED` in `adapters/postgres/decision_effects.py`.
    """
    return any(one.in_force and one.effect is Effect.QUARANTINE for one in decisions)


def _latest_end(decisions: Iterable[Decision], effects: set[Effect]) -> datetime | None:
    return max((one.end for one in decisions if one.in_force and one.effect in effects), default=None)


class TargetNotFound(NotFound):
    def __init__(self, kind: TargetKind) -> None:
        super().__init__(f"{kind} not found; it may have been deleted, or you may not see it")


class DecisionNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("decision not found; see the list of decisions about you")


class CannotModerate(Forbidden):
    """The target belongs to the moderator, or to somebody with the same or a higher role."""

    code = "cannot_moderate"

    def __init__(self, username: str) -> None:
        super().__init__(
            f"{username} has your role or a higher one, or is you; ask an account with a higher role to decide"
        )


class OnlyVisibleImage(Invalid):
    code = "only_visible_image"

    def __init__(self) -> None:
        super().__init__("this is the last visible image of its post; decide about the post", field="id")


class AccountSuspended(Forbidden):
    """The account cannot sign in."""

    code = "suspended"

    def __init__(self, decision: Decision) -> None:
        end = f"until {decision.until.isoformat(timespec='minutes')}" if decision.until else "without an end"
        super().__init__(
            f"the account is suspended {end} (rule: {decision.rule}): {decision.reason}; "
            "appeal with POST /v1/appeals or on the page /appeal",
            rule=decision.rule,
            reason=decision.reason,
            until=decision.until.isoformat() if decision.until else None,
            decision_id=str(decision.id),
        )


def require_appealable(decision: Decision | None, user_id: UserId) -> Decision:
    """Return the decision if this user may appeal against it. Raises `DecisionNotFound`, `NotAppealable`,
    `AlreadyAppealed`."""
    if decision is None or decision.user_id != user_id or decision.effect is Effect.NONE:
        raise DecisionNotFound
    if decision.moderator_id is None:
        raise NotAppealable("no moderator has decided yet; one will, without an appeal")
    if decision.appeal is not None:
        raise AlreadyAppealed
    return decision


class Decisions(Protocol):
    """The decisions of a unit of work. They apply their effects to everything that these concern: the effect on a user
    to their posts, comments and images, and the effect on a post to its images."""

    @abstractmethod
    async def claim(self, target: Target) -> bool:
        """Claim a target before the other ports of the unit of work are used, so that nobody else changes it. Return
        False when it is absent."""

    @abstractmethod
    async def add(self, decision: Decision) -> None:
        """Store a decision about a claimed or deleted target. It replaces an earlier one, and its effect is applied.
        The caller deletes before it stores a decision to delete."""

    @abstractmethod
    async def get(self, decision_id: DecisionId) -> Decision | None:
        """Return the decision; None when absent."""

    @abstractmethod
    async def save_appeal(self, decision_id: DecisionId, appeal: Appeal) -> None:
        """Store the appeal, or its outcome."""

    @abstractmethod
    async def revert(self, decision: Decision) -> None:
        """End the effect of a decision that this unit of work fetched with `get`; idempotent. A deletion stays."""

    @abstractmethod
    async def released_at(self, target: Target) -> datetime | None:
        """Return when a moderator last decided for no effect on this target, or None."""

    @abstractmethod
    async def has_visible_image(self, post_id: PostId) -> bool:
        """Whether a post has an image that no decision about the image hides."""


class DecisionReader(Protocol):
    """Decisions for moderators and for those they are about. Reads run outside any unit of work."""

    @abstractmethod
    async def get(self, decision_id: DecisionId) -> Decision | None:
        """Return a decision, or None."""

    @abstractmethod
    async def user_of(self, target: Target) -> UserId | None:
        """Return whose target this is, or None if it is absent."""

    @abstractmethod
    async def post_of(self, image_id: ImageId) -> PostId | None:
        """Return the post of an image, or None."""

    @abstractmethod
    async def moderators_of(self, role: Role, other_than: UserId) -> Sequence[UserId]:
        """Return accounts that may decide about users with that role and are not suspended, at most `MAX_OTHERS`."""

    @abstractmethod
    async def in_force(self, target: Target) -> Decision | None:
        """Return the decision about this target whose effect has not ended, or None."""

    @abstractmethod
    async def about(self, user_id: UserId, page: PageRequest) -> Page[Decision]:
        """Return all decisions about a user and their posts, comments and images, newest first, except those without an
        effect."""

    @abstractmethod
    async def appealed(self, page: PageRequest) -> Page[Decision]:
        """Return decisions whose appeal is open, newest first."""
