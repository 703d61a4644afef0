"""Appealing: users object to decisions, and other moderators decide about the appeals."""

from domain.appeals import Appeal, Outcome, require_other_moderator
from domain.audit_log import Action, LogEntry
from domain.clock import Clock
from domain.decisions import CannotModerate, Decision, DecisionNotFound, DecisionReader, require_appealable
from domain.effects import Effect, Target, TargetKind
from domain.errors import NotFound
from domain.ids import DecisionId, Ids, LogEntryId, NotificationId, UserId
from domain.notifications import decision_notice
from domain.pages import Page, PageRequest
from domain.profiles import Profile, UserReader
from domain.roles import Moderator, Role, may_moderate
from domain.unit_of_work import UnitOfWorkFactory


class Appealing:
    def __init__(
        self,
        begin: UnitOfWorkFactory,
        decision_reader: DecisionReader,
        user_reader: UserReader,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._begin = begin
        self._decision_reader = decision_reader
        self._user_reader = user_reader
        self._clock = clock
        self._ids = ids

    async def decisions(self, user_id: UserId, page: PageRequest) -> Page[Decision]:
        """Return the decisions about a user and their content, newest first."""
        return await self._decision_reader.about(user_id, page)

    async def decision(self, user_id: UserId, decision_id: DecisionId) -> Decision:
        """Return a decision about this user. Raises `DecisionNotFound`."""
        decision = await self._decision_reader.get(decision_id)
        if decision is None or decision.user_id != user_id or decision.effect is Effect.NONE:
            raise DecisionNotFound
        return decision

    async def appeal(self, user_id: UserId, decision_id: DecisionId, text: str) -> Decision:
        """Object to a decision about oneself, once. Raises `DecisionNotFound`, `NotAppealable`, `AlreadyAppealed`,
        `Invalid`."""
        appeal = Appeal(text, self._clock.now())
        async with self._begin() as uow:
            decision = require_appealable(await uow.decisions.get(decision_id), user_id)
            await uow.decisions.save_appeal(decision.id, appeal)
            await uow.audit_log.add(self._log_entry(Action.APPEAL, user_id, decision, {"text": text}))
            await uow.commit()
        return await self.decision(user_id, decision_id)

    async def appeal_suspension(self, user_id: UserId, text: str) -> Decision:
        """Object to the suspension of an account that cannot sign in. Raises `NotFound` if it is not suspended."""
        decision = await self._decision_reader.in_force(Target(TargetKind.USER, user_id))
        if decision is None or decision.effect is not Effect.SUSPEND:
            raise NotFound("the account is not suspended; sign in to appeal against other decisions")
        return await self.appeal(user_id, decision.id, text)

    async def open_appeals(self, page: PageRequest) -> Page[Decision]:
        """Return the decisions with an open appeal, newest first; for moderators."""
        return await self._decision_reader.appealed(page)

    async def decide(self, moderator: Moderator, decision_id: DecisionId, outcome: Outcome, answer: str) -> Decision:
        """Decide about an appeal. If it is granted, the effect of the decision ends; a deletion stays. Raises
        `DecisionNotFound`, `CannotModerate`, `OwnDecision`, `AppealClosed`, `Invalid`."""
        profile = await self._require_right(moderator, decision_id)
        now = self._clock.now()
        async with self._begin() as uow:
            decision = await uow.decisions.get(decision_id)
            if decision is None or decision.appeal is None:
                raise DecisionNotFound
            await uow.decisions.save_appeal(decision_id, decision.appeal.close(outcome, answer, moderator.id, now))
            if outcome is Outcome.GRANTED and decision.in_force:
                await uow.decisions.revert(decision)
            details = {"moderator": moderator.username, "outcome": outcome.value, "answer": answer}
            await uow.audit_log.add(self._log_entry(Action.APPEAL_DECISION, moderator.id, decision, details))
            if profile is not None:  # the account may be deleted
                await uow.notifications.add(decision_notice(NotificationId(self._ids.new()), profile.user.id, now))
            await uow.commit()
        decided = await self._decision_reader.get(decision_id)
        if decided is None:
            raise DecisionNotFound
        return decided

    async def _require_right(self, moderator: Moderator, decision_id: DecisionId) -> Profile | None:
        """Return the profile of the user. Raises an error unless this moderator may decide the appeal."""
        decision = await self._decision_reader.get(decision_id)
        if decision is None or decision.appeal is None:
            raise NotFound("there is no appeal against this decision; see the list of open appeals")
        profile = await self._user_reader.by_id(decision.user_id, decision.user_id)
        role = profile.user.role if profile else Role.USER
        if not may_moderate(moderator.role, role):
            raise CannotModerate(profile.user.username if profile else "the user")
        others = await self._decision_reader.moderators_of(role, moderator.id)
        require_other_moderator(decision.moderator_id, moderator.id, others)
        return profile

    def _log_entry(self, action: Action, actor: UserId, decision: Decision, details: dict[str, str]) -> LogEntry:
        entry_id, target = LogEntryId(self._ids.new()), decision.target
        said = {**details, "decision_id": str(decision.id)}
        return LogEntry(entry_id, self._clock.now(), actor, action, target, decision.user_id, said)
