from dataclasses import dataclass, replace
from datetime import datetime

from domain.idempotency import CLAIM_TIMEOUT, RETENTION, IdempotencyStore, KeyReused, RequestInProgress, StoredResult


@dataclass(frozen=True, slots=True)
class _Claim:
    """A claim or a stored result. `since` is the time of the claim, or of the result."""

    fingerprint: str
    since: datetime
    result: StoredResult | None = None

    def is_valid(self, now: datetime) -> bool:
        return now < self.since + (CLAIM_TIMEOUT if self.result is None else RETENTION)


class MemoryIdempotencyStore(IdempotencyStore):
    def __init__(self) -> None:
        self._claims: dict[str, _Claim] = {}

    async def claim(self, scope: str, fingerprint: str, now: datetime) -> StoredResult | None:
        claim = self._claims.get(scope)
        if claim is None or not claim.is_valid(now):
            self._claims[scope] = _Claim(fingerprint, now)
            return None
        if claim.fingerprint != fingerprint:
            raise KeyReused
        if claim.result is None:
            raise RequestInProgress
        return claim.result

    async def save(self, scope: str, result: StoredResult, now: datetime) -> None:
        claim = self._claims.get(scope)
        if claim is not None:
            self._claims[scope] = replace(claim, since=now, result=result)

    async def release(self, scope: str) -> None:
        claim = self._claims.get(scope)
        if claim is not None and claim.result is None:
            del self._claims[scope]

    async def delete_expired(self, now: datetime) -> int:
        old = [scope for scope, claim in self._claims.items() if now >= claim.since + RETENTION]
        for scope in old:
            del self._claims[scope]
        return len(old)
