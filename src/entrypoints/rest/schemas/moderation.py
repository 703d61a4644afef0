from datetime import UTC, datetime
from typing import Annotated, Any, Self

from pydantic import AwareDatetime, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from domain import appeals, audit_log, decisions, reports
from domain.appeals import Outcome
from domain.audit_log import Action
from domain.effects import Effect, TargetKind
from domain.reports import Reason
from domain.services.reviewing import ReviewContext
from entrypoints.http.schemas import Body, Id, Out, Timestamp
from entrypoints.rest.schemas.images import Image
from entrypoints.rest.schemas.posts import Comment, Post, SimilarPost
from entrypoints.rest.schemas.users import User


def _parse_time(value: Any) -> datetime | None:
    """Return the time in UTC. Numbers, times without an offset and times out of range are rejected."""
    if value is None:
        return None
    try:
        time = datetime.fromisoformat(value) if isinstance(value, str) else None
        if time is not None and time.tzinfo is not None:
            return time.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise PydanticCustomError("datetime_parsing", "is not a time with an offset, such as 2027-01-31T12:00:00Z")


EndTime = Annotated[AwareDatetime | None, BeforeValidator(_parse_time)]


class ReportCreate(Body):
    kind: TargetKind = Field(strict=False)
    id: str
    reason: Reason = Field(strict=False, description="`review` is reserved for the service")
    note: str = Field("", description="at most 1,000 characters")


class Report(Out):
    id: Id
    kind: TargetKind
    target_id: Id
    reporter_id: Annotated[Id | None, Field(description="null for the service, and when the account was deleted")]
    reason: Reason
    note: str
    created_at: Timestamp

    @classmethod
    def of(cls, report: reports.Report) -> Self:
        return cls(
            id=report.id,
            kind=report.target.kind,
            target_id=report.target.id,
            reporter_id=report.reporter_id,
            reason=report.reason,
            note=report.note,
            created_at=report.created_at,
        )


class ReportGroup(Out):
    """The open reports about one target."""

    id: Id
    kind: TargetKind
    target_id: Id
    user_id: Annotated[Id, Field(description="whose post, comment, image or account this is")]
    reports_count: int
    reasons: Annotated[
        dict[str, int], Field(description="how often each reason was given, over the newest 1,000 reports")
    ]
    created_at: Timestamp
    reported_at: Timestamp

    @classmethod
    def of(cls, group: reports.ReportGroup) -> Self:
        return cls(
            id=group.id,
            kind=group.target.kind,
            target_id=group.target.id,
            user_id=group.user_id,
            reports_count=group.reports_count,
            reasons={reason.value: count for reason, count in group.reasons.items()},
            created_at=group.created_at,
            reported_at=group.reported_at,
        )


class DecisionCreate(Body):
    kind: TargetKind = Field(strict=False)
    id: str
    rule: str = Field(description="the rule that was broken, 1-100 characters")
    reason: str = Field(description="what the user is told, 1-1,000 characters")
    effect: Effect = Field(strict=False, description="replaces the effect of an earlier decision about the target")
    until: EndTime = Field(None, description="when the effect ends; null: never")


class Appeal(Out):
    text: str
    created_at: Timestamp
    outcome: Annotated[Outcome | None, Field(description="null while the appeal is open")]
    answer: str | None
    decided_at: Timestamp | None

    @classmethod
    def of(cls, appeal: appeals.Appeal) -> Self:
        return cls(
            text=appeal.text,
            created_at=appeal.created_at,
            outcome=appeal.outcome,
            answer=appeal.answer,
            decided_at=appeal.decided_at,
        )


class Decision(Out):
    """A decision as the user sees it whom it concerns. Moderators stay anonymous."""

    id: Id
    kind: TargetKind
    target_id: Id
    rule: str
    reason: str
    effect: Effect
    until: Timestamp | None
    in_force: Annotated[bool, Field(description="neither replaced nor reverted; the effect also ends at `until`")]
    appeal: Appeal | None
    created_at: Timestamp

    @classmethod
    def of(cls, decision: decisions.Decision) -> Self:
        return cls(**_members(decision))


class ModeratorDecision(Decision):
    """A decision as moderators see it."""

    user_id: Id
    moderator_id: Annotated[Id | None, Field(description="null for a decision of the service")]

    @classmethod
    def of(cls, decision: decisions.Decision) -> Self:
        return cls(**_members(decision), user_id=decision.user_id, moderator_id=decision.moderator_id)


def _members(decision: decisions.Decision) -> dict[str, Any]:
    return {
        "id": decision.id,
        "kind": decision.target.kind,
        "target_id": decision.target.id,
        "rule": decision.rule,
        "reason": decision.reason,
        "effect": decision.effect,
        "until": decision.until,
        "in_force": decision.in_force,
        "appeal": None if decision.appeal is None else Appeal.of(decision.appeal),
        "created_at": decision.created_at,
    }


class AppealCreate(Body):
    text: str = Field(description="1-2,000 characters")


class SuspensionAppeal(AppealCreate):
    """An appeal of a suspended user, who cannot sign in."""

    username: str = Field(description="the username or the e-mail")
    password: str = Field(json_schema_extra={"format": "password"})


class AppealAnswer(Body):
    outcome: Outcome = Field(strict=False, description="`granted` ends the effect; a deletion stays")
    answer: str = Field(description="what the user is told, 1-2,000 characters")


class LogEntry(Out):
    id: Id
    created_at: Timestamp
    actor_id: Annotated[Id | None, Field(description="null for the operator on the command line")]
    action: Action
    kind: TargetKind
    target_id: Id
    user_id: Id
    details: dict[str, str | None]

    @classmethod
    def of(cls, entry: audit_log.LogEntry) -> Self:
        return cls(
            id=entry.id,
            created_at=entry.created_at,
            actor_id=entry.actor_id,
            action=entry.action,
            kind=entry.target.kind,
            target_id=entry.target.id,
            user_id=entry.user_id,
            details=dict(entry.details),
        )


class ReportContext(Out):
    """A group of reports with its target as the owner sees it; null where it is gone or of another kind."""

    group: ReportGroup
    user: User | None
    post: Post | None
    comment: Comment | None
    image: Image | None
    similar: list[SimilarPost]
    history: Annotated[list[ModeratorDecision], Field(description="the newest decisions about the user")]

    @classmethod
    def of(cls, context: ReviewContext) -> Self:
        return cls(
            group=ReportGroup.of(context.group),
            user=User.of(context.user) if context.user else None,
            post=Post.of(context.post) if context.post else None,
            comment=Comment.of(context.comment) if context.comment else None,
            image=Image.of(context.image) if context.image else None,
            similar=[SimilarPost.of(post) for post in context.similar],
            history=[ModeratorDecision.of(decision) for decision in context.history],
        )
