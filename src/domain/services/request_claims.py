"""Claims of the running requests of this process. They are renewed while the requests run, so that the claims of a
process that dies expire soon."""

from asyncio import Task, create_task, sleep
from contextlib import suppress

from domain.clock import Clock
from domain.errors import Unavailable
from domain.idempotency import CLAIM_LEASE, Claim, IdempotencyStore, StoredResult
from domain.ids import ClaimId, Ids

RENEWAL_SECONDS = CLAIM_LEASE.total_seconds() / 3


class RequestClaims:
    def __init__(self, store: IdempotencyStore, clock: Clock, ids: Ids, pause: float = RENEWAL_SECONDS) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._pause = pause
        self._held: set[Claim] = set()
        self._renewal: Task[None] | None = None

    async def claim(self, scope: str, fingerprint: str) -> Claim | StoredResult:
        """Claim the scope until `save` or `release`, or return the stored result. Raises `KeyReused`,
        `RequestInProgress`."""
        claim = Claim(scope, ClaimId(self._ids.new()))
        stored = await self._store.add(claim, fingerprint, self._clock.now())
        if stored is not None:
            return stored
        self._held.add(claim)
        if self._renewal is None:
            self._renewal = create_task(self._renew())
        return claim

    async def save(self, claim: Claim, result: StoredResult) -> None:
        """Store the result, which ends the claim."""
        self._held.discard(claim)
        await self._store.save(claim, result, self._clock.now())

    async def release(self, claim: Claim) -> None:
        """End the claim without a result."""
        self._held.discard(claim)
        await self._store.release(claim)

    async def _renew(self) -> None:
        """Renew all claims with one statement, while there are any."""
        try:
            while self._held:
                await sleep(self._pause)
                if claims := list(self._held):
                    with suppress(Unavailable):  # the next renewal comes before the lease ends
                        await self._store.renew(claims, self._clock.now())
        finally:
            self._renewal = None
