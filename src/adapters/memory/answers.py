from dataclasses import dataclass, replace
from datetime import datetime

from domain.idempotency import CLAIMED_FOR, KEPT_FOR, Answer, Answers, KeyReused, RequestInProgress


@dataclass(frozen=True, slots=True)
class _Claim:
    """`since` is when it was claimed, or when its answer was kept."""

    fingerprint: str
    since: datetime
    answer: Answer | None = None

    def stands(self, now: datetime) -> bool:
        return now < self.since + (CLAIMED_FOR if self.answer is None else KEPT_FOR)


class MemoryAnswers(Answers):
    def __init__(self) -> None:
        self._claims: dict[str, _Claim] = {}

    async def claim(self, scope: str, fingerprint: str, now: datetime) -> Answer | None:
        claim = self._claims.get(scope)
        if claim is None or not claim.stands(now):
            self._claims[scope] = _Claim(fingerprint, now)
            return None
        if claim.fingerprint != fingerprint:
            raise KeyReused
        if claim.answer is None:
            raise RequestInProgress
        return claim.answer

    async def keep(self, scope: str, answer: Answer, now: datetime) -> None:
        claim = self._claims.get(scope)
        if claim is not None:
            self._claims[scope] = replace(claim, since=now, answer=answer)

    async def release(self, scope: str) -> None:
        claim = self._claims.get(scope)
        if claim is not None and claim.answer is None:
            del self._claims[scope]

    async def forget(self, now: datetime) -> int:
        old = [scope for scope, claim in self._claims.items() if now >= claim.since + KEPT_FOR]
        for scope in old:
            del self._claims[scope]
        return len(old)
