"""Appeals: the objection of a user to a decision, and its outcome."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.errors import Conflict, Forbidden, Invalid
from domain.ids import UserId
from domain.text import text_error, validate_text

MAX_APPEAL = 2_000


class Outcome(StrEnum):
    """`GRANTED`: the effect of the decision ends. `UPHELD`: the decision stays."""

    GRANTED = "granted"
    UPHELD = "upheld"


@dataclass(frozen=True, slots=True)
class Appeal:
    """An appeal. It is open until it has an outcome."""

    text: str
    created_at: datetime
    outcome: Outcome | None = None
    answer: str | None = None
    moderator_id: UserId | None = None
    decided_at: datetime | None = None

    def __post_init__(self) -> None:
        validate_text("text", self.text, min_length=1, max_length=MAX_APPEAL)

    def close(self, outcome: Outcome, answer: str, moderator_id: UserId, now: datetime) -> "Appeal":
        """Return the appeal with its outcome. Raises `Invalid` for the answer, `AppealClosed` for a second outcome."""
        if error := text_error("answer", answer, min_length=1, max_length=MAX_APPEAL):
            raise Invalid.of(error)
        if self.outcome is not None:
            raise AppealClosed(self.outcome)
        return replace(self, outcome=outcome, answer=answer, moderator_id=moderator_id, decided_at=now)


class AlreadyAppealed(Conflict):
    code = "already_appealed"

    def __init__(self) -> None:
        super().__init__("there is an appeal against this decision already; one is allowed; see its outcome")


class NotAppealable(Conflict):
    code = "not_appealable"


class AppealClosed(Conflict):
    code = "appeal_closed"

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(f"the appeal was decided already: {outcome}; make a new decision about the target instead")


class OwnDecision(Forbidden):
    """Another moderator must decide the appeal."""

    code = "own_decision"

    def __init__(self) -> None:
        super().__init__("you made this decision; another moderator decides the appeal")


def require_other_moderator(author: UserId | None, moderator: UserId, others: Collection[UserId]) -> None:
    """Raise `OwnDecision` if `moderator` made the decision and one of `others` may decide the appeal instead."""
    if author == moderator and others:
        raise OwnDecision
