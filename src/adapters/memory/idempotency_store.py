from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.idempotency import (
    CLAIM_LEASE,
    RETENTION,
    Claim,
    IdempotencyStore,
    KeyReused,
    RequestInProgress,
    StoredResult,
)


@dataclass(frozen=True, slots=True)
class _Row:
    """A claim or a stored result. `since` is the time of the claim's last renewal, or of the result."""

    claim: Claim
    fingerprint: str
    since: datetime
    result: StoredResult | None = None

    def is_valid(self, now: datetime) -> bool:
        return now < self.since + (CLAIM_LEASE if self.result is None else RETENTION)


class MemoryIdempotencyStore(IdempotencyStore):
    def __init__(self) -> None:
        self._rows: dict[str, _Row] = {}

    async def add(self, claim: Claim, fingerprint: str, now: datetime) -> StoredResult | None:
        row = self._rows.get(claim.scope)
        if row is None or not row.is_valid(now):
            self._rows[claim.scope] = _Row(claim, fingerprint, now)
            return None
        if row.fingerprint != fingerprint:
            raise KeyReused
        if row.result is None:
            raise RequestInProgress
        return row.result

    async def renew(self, claims: Sequence[Claim], now: datetime) -> None:
        for claim in claims:
            if row := self._running(claim):
                self._rows[claim.scope] = replace(row, since=now)

    async def save(self, claim: Claim, result: StoredResult, now: datetime) -> None:
        if row := self._running(claim):
            self._rows[claim.scope] = replace(row, since=now, result=result)

    async def release(self, claim: Claim) -> None:
        if self._running(claim):
            del self._rows[claim.scope]

    async def delete_expired(self, now: datetime) -> int:
        old = [scope for scope, row in self._rows.items() if now >= row.since + RETENTION]
        for scope in old:
            del self._rows[scope]
        return len(old)

    def _running(self, claim: Claim) -> _Row | None:
        """Return the row of a claim that holds its scope and has no result."""
        row = self._rows.get(claim.scope)
        return row if row is not None and row.claim == claim and row.result is None else None
