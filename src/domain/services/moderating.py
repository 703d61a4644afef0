"""Moderating: the queue of reports, and decisions about them."""

import logging

from domain.audit_log import Action, AuditLogReader, LogEntry
from domain.clock import Clock
from domain.decisions import (
    CannotModerate,
    Decision,
    DecisionNotFound,
    DecisionReader,
    OnlyVisibleImage,
    TargetNotFound,
)
from domain.effects import Effect, NewDecision, Target, TargetKind
from domain.errors import NotFound
from domain.ids import CommentId, DecisionId, Ids, ImageId, LogEntryId, NotificationId, PostId, ReportGroupId, UserId
from domain.notifications import decision_notice
from domain.pages import Page, PageRequest
from domain.profiles import UserReader
from domain.reports import Report, ReportGroup, ReportReader
from domain.roles import Moderator, may_moderate
from domain.unit_of_work import UnitOfWork, UnitOfWorkFactory
from domain.users import NAME_RESERVATION, User

logger = logging.getLogger("tintype.moderation")


class Moderating:
    def __init__(
        self,
        begin: UnitOfWorkFactory,
        report_reader: ReportReader,
        decision_reader: DecisionReader,
        audit_log_reader: AuditLogReader,
        user_reader: UserReader,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._begin = begin
        self._report_reader = report_reader
        self._decision_reader = decision_reader
        self._audit_log_reader = audit_log_reader
        self._user_reader = user_reader
        self._clock = clock
        self._ids = ids

    async def queue(self, page: PageRequest) -> Page[ReportGroup]:
        """Return the open groups of reports, newest first."""
        return await self._report_reader.open_groups(page)

    async def group(self, group_id: ReportGroupId) -> ReportGroup:
        """Return a group of reports. Raises `NotFound`."""
        group = await self._report_reader.group(group_id)
        if group is None:
            raise NotFound("there is no such group of reports; see the queue")
        return group

    async def reports(self, group_id: ReportGroupId, page: PageRequest) -> Page[Report]:
        """Return the reports of a group, newest first."""
        return await self._report_reader.of_group(group_id, page)

    async def history(self, user_id: UserId, page: PageRequest) -> Page[Decision]:
        """Return the decisions about a user and their content, newest first."""
        return await self._decision_reader.about(user_id, page)

    async def decision(self, decision_id: DecisionId) -> Decision:
        """Return a decision. Raises `DecisionNotFound`."""
        decision = await self._decision_reader.get(decision_id)
        if decision is None:
            raise DecisionNotFound
        return decision

    async def in_force(self, target: Target) -> Decision | None:
        """Return the decision about a target whose effect has not ended."""
        return await self._decision_reader.in_force(target)

    async def log(self, page: PageRequest) -> Page[LogEntry]:
        """Return the audit log, newest first."""
        return await self._audit_log_reader.entries(page)

    async def decide(self, moderator: Moderator, new: NewDecision) -> Decision:
        """Decide about a target; the decision replaces an earlier one. The user is notified, and the reports about the
        target are closed. Raises `TargetNotFound`, `CannotModerate`, `OnlyVisibleImage`."""
        user = await self._require_user_of(new.target)
        if not may_moderate(moderator.role, user.role):
            await self._log_refusal(moderator, new, user)
            raise CannotModerate(user.username)
        decision = Decision(
            DecisionId(self._ids.new()),
            new.target,
            user.id,
            moderator.id,
            new.rule,
            new.reason,
            new.effect,
            new.until,
            new.now,
            in_force=new.effect.is_lasting,
        )
        async with self._begin() as uow:
            await self._apply(uow, decision)
            await uow.reports.close(new.target, new.now)
            await uow.audit_log.add(self._log_entry(Action.DECISION, moderator, new, user, str(decision.id)))
            await self._notify(uow, decision)
            await uow.commit()
        logger.info("decided: %s", decision.effect, extra={"user": str(moderator.id), "decision": str(decision.id)})
        return decision

    async def _require_user_of(self, target: Target) -> User:
        """Return whose target this is. If it is gone, close the reports about it and raise `TargetNotFound`."""
        user_id = await self._decision_reader.user_of(target)
        profile = await self._user_reader.by_id(user_id, user_id) if user_id else None
        if profile is None:
            async with self._begin() as uow:
                await uow.reports.close(target, self._clock.now())
                await uow.commit()
            raise TargetNotFound(target.kind)
        return profile.user

    async def _apply(self, uow: UnitOfWork, decision: Decision) -> None:
        target = decision.target
        post_id = await self._decision_reader.post_of(ImageId(target.id)) if target.kind is TargetKind.IMAGE else None
        # The deletion of a user claims in its own order.
        claims_itself = decision.effect is Effect.DELETE and target.kind is TargetKind.USER
        if not claims_itself and not await uow.decisions.claim(target):
            raise TargetNotFound(target.kind)
        if decision.effect is Effect.DELETE:
            await self._delete(uow, target)
        await uow.decisions.add(decision)
        if post_id is not None:
            if not await uow.decisions.has_visible_image(post_id):
                raise OnlyVisibleImage
            await uow.search_index.refresh(post_id)
        if decision.effect is Effect.SUSPEND:
            await uow.tokens.delete_others(decision.user_id, keep=None)

    async def _delete(self, uow: UnitOfWork, target: Target) -> None:
        match target.kind:
            case TargetKind.POST:
                await uow.posts.delete(PostId(target.id))
            case TargetKind.COMMENT:
                await uow.comments.delete(CommentId(target.id))
            case TargetKind.IMAGE:
                await uow.images.delete_from_post(ImageId(target.id))
            case TargetKind.USER:
                await uow.users.delete(UserId(target.id), reserved_until=self._clock.now() + NAME_RESERVATION)

    async def _notify(self, uow: UnitOfWork, decision: Decision) -> None:
        is_gone = decision.effect is Effect.DELETE and decision.target.kind is TargetKind.USER
        if decision.effect is Effect.NONE or is_gone:
            return
        event_id = NotificationId(self._ids.new())
        await uow.notifications.add(decision_notice(event_id, decision.user_id, decision.created_at))

    async def _log_refusal(self, moderator: Moderator, new: NewDecision, user: User) -> None:
        async with self._begin() as uow:
            await uow.audit_log.add(self._log_entry(Action.REFUSED, moderator, new, user))
            await uow.commit()

    def _log_entry(
        self, action: Action, moderator: Moderator, new: NewDecision, user: User, decision_id: str | None = None
    ) -> LogEntry:
        details = {
            "moderator": moderator.username,
            "user": user.username,
            "rule": new.rule,
            "reason": new.reason,
            "effect": new.effect.value,
            "until": new.until.isoformat() if new.until else None,
            "decision_id": decision_id,
        }
        return LogEntry(LogEntryId(self._ids.new()), new.now, moderator.id, action, new.target, user.id, details)
