"""Effects of decisions: what can happen to a target, and the validated input for a decision."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.errors import FieldError, Invalid
from domain.text import text_error

MAX_RULE = 100
MAX_REASON = 1_000


class TargetKind(StrEnum):
    POST = "post"
    COMMENT = "comment"
    IMAGE = "image"
    USER = "user"


@dataclass(frozen=True, slots=True)
class Target:
    """What a report or decision is about."""

    kind: TargetKind
    id: UUID


class Effect(StrEnum):
    """`NONE` dismisses reports and ends an earlier effect. Every decision replaces the earlier one about its target.
    `QUARANTINE` is the service's own: the image matches a list of known images."""

    NONE = "none"
    HIDE = "hide"
    MARK_SENSITIVE = "mark_sensitive"
    LIMIT = "limit"
    SUSPEND = "suspend"
    DELETE = "delete"
    QUARANTINE = "quarantine"

    @property
    def is_lasting(self) -> bool:
        """Whether the effect lasts, so that it may have an end and can be reverted."""
        return self not in {Effect.NONE, Effect.DELETE}


EFFECTS: Mapping[TargetKind, tuple[Effect, ...]] = {
    TargetKind.POST: (Effect.NONE, Effect.HIDE, Effect.MARK_SENSITIVE, Effect.LIMIT, Effect.DELETE),
    TargetKind.COMMENT: (Effect.NONE, Effect.HIDE, Effect.DELETE),
    TargetKind.IMAGE: (Effect.NONE, Effect.HIDE, Effect.DELETE),
    TargetKind.USER: (Effect.NONE, Effect.LIMIT, Effect.SUSPEND, Effect.DELETE),
}
"""The effects that moderators may choose for each kind of target."""


@dataclass(frozen=True, slots=True)
class NewDecision:
    """Validated input for a decision. Raises `Invalid` with every error at once."""

    target: Target
    rule: str
    reason: str
    effect: Effect
    until: datetime | None
    now: datetime

    def __post_init__(self) -> None:
        faults = (
            text_error("rule", self.rule, min_length=1, max_length=MAX_RULE),
            text_error("reason", self.reason, min_length=1, max_length=MAX_REASON),
            _effect_error(self.target.kind, self.effect),
            _until_error(self.effect, self.until, self.now),
        )
        if errors := tuple(error for error in faults if error):
            raise Invalid.of(*errors)


def _effect_error(kind: TargetKind, effect: Effect) -> FieldError | None:
    if effect in EFFECTS[kind]:
        return None
    allowed = ", ".join(EFFECTS[kind])
    return FieldError("effect", "not_for_kind", f"{effect} does not apply to a {kind}; use {allowed}", allowed, effect)


def _until_error(effect: Effect, until: datetime | None, now: datetime) -> FieldError | None:
    if until is None:
        return None
    if not effect.is_lasting:
        return FieldError("until", "not_for_effect", f"cannot end the effect {effect}; leave it out", None, effect)
    if until <= now:
        return FieldError(
            "until", "in_past", "is not in the future; name a later time or none", now.isoformat(), until.isoformat()
        )
    return None
