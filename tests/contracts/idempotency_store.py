"""The contract of stored results of idempotent requests."""

from asyncio import gather
from datetime import timedelta

import pytest

from domain.idempotency import CLAIM_LEASE, RETENTION, Claim, KeyReused, RequestInProgress, StoredResult
from domain.ids import ClaimId
from tests.contracts.harness import BEGINNING, StorageHarness, at

TICK = timedelta(seconds=1)
RESULT = StoredResult(201, (("location", "/v1/posts/1"), ("location", "twice")), b'{"text": "\xc3\xa4"}\x00')
OTHER_RESULT = StoredResult(200, (), b"other")


def new_claim(harness: StorageHarness, scope: str = "scope") -> Claim:
    return Claim(scope, ClaimId(harness.new_id()))


class IdempotencyStoreContract:
    async def test_second_request_gets_result_of_first(self, harness: StorageHarness) -> None:
        store, first = harness.storage.idempotency_store, new_claim(harness)
        assert await store.add(first, "print", at(0)) is None
        await store.save(first, RESULT, at(1))

        for _ in range(2):
            assert await store.add(new_claim(harness), "print", at(2)) == RESULT

    async def test_request_in_progress_is_reported(self, harness: StorageHarness) -> None:
        store = harness.storage.idempotency_store
        await store.add(new_claim(harness), "print", at(0))

        with pytest.raises(RequestInProgress):
            await store.add(new_claim(harness), "print", at(1))

    async def test_other_request_with_same_key_is_refused(self, harness: StorageHarness) -> None:
        store, first = harness.storage.idempotency_store, new_claim(harness)
        await store.add(first, "print", at(0))
        with pytest.raises(KeyReused):
            await store.add(new_claim(harness), "other", at(1))

        await store.save(first, RESULT, at(2))
        with pytest.raises(KeyReused):
            await store.add(new_claim(harness), "other", at(3))

    async def test_scopes_are_independent(self, harness: StorageHarness) -> None:
        store = harness.storage.idempotency_store
        await store.add(new_claim(harness), "print", at(0))

        assert await store.add(new_claim(harness, "Scope"), "other", at(1)) is None

    async def test_released_key_can_be_claimed_again(self, harness: StorageHarness) -> None:
        store, first = harness.storage.idempotency_store, new_claim(harness)
        await store.add(first, "print", at(0))
        await store.release(first)
        await store.release(first)

        assert await store.add(new_claim(harness), "other", at(1)) is None

    async def test_stored_result_cannot_be_released(self, harness: StorageHarness) -> None:
        store, first = harness.storage.idempotency_store, new_claim(harness)
        await store.add(first, "print", at(0))
        await store.save(first, RESULT, at(1))

        await store.release(first)

        assert await store.add(new_claim(harness), "print", at(2)) == RESULT

    async def test_storing_without_claim_does_nothing(self, harness: StorageHarness) -> None:
        store = harness.storage.idempotency_store
        await store.save(new_claim(harness), RESULT, at(0))

        assert await store.add(new_claim(harness), "print", at(1)) is None

    async def test_claim_of_dead_process_can_be_taken_over(self, harness: StorageHarness) -> None:
        store = harness.storage.idempotency_store
        await store.add(new_claim(harness), "print", BEGINNING)

        with pytest.raises(RequestInProgress):
            await store.add(new_claim(harness), "print", BEGINNING + CLAIM_LEASE - TICK)
        assert await store.add(new_claim(harness), "print", BEGINNING + CLAIM_LEASE + TICK) is None
        with pytest.raises(RequestInProgress):
            await store.add(new_claim(harness), "print", BEGINNING + CLAIM_LEASE + 2 * TICK)

    async def test_renewed_claim_is_held(self, harness: StorageHarness) -> None:
        store, claims = (
            harness.storage.idempotency_store,
            [new_claim(harness, name) for name in ("one", "two", "three")],
        )
        for claim in claims:
            await store.add(claim, "print", BEGINNING)
        renewed_at = BEGINNING + CLAIM_LEASE - TICK
        await store.renew(claims[:2], renewed_at)
        await store.renew([], renewed_at)

        late = renewed_at + CLAIM_LEASE - TICK
        for scope in ("one", "two"):
            with pytest.raises(RequestInProgress):
                await store.add(new_claim(harness, scope), "print", late)
        assert await store.add(new_claim(harness, "three"), "print", late) is None

    async def test_lost_claim_has_no_effect(self, harness: StorageHarness) -> None:
        """A process that stood still for longer than the lease finds another claim in its place."""
        store, lost, present = harness.storage.idempotency_store, new_claim(harness), new_claim(harness)
        taken_at = BEGINNING + CLAIM_LEASE + TICK
        await store.add(lost, "print", BEGINNING)
        await store.add(present, "print", taken_at)

        await store.renew([lost], taken_at + CLAIM_LEASE)
        await store.save(lost, OTHER_RESULT, taken_at + TICK)
        await store.release(lost)
        with pytest.raises(RequestInProgress):
            await store.add(new_claim(harness), "print", taken_at + TICK)
        await store.save(present, RESULT, taken_at + 2 * TICK)
        await store.save(lost, OTHER_RESULT, taken_at + 3 * TICK)

        assert await store.add(new_claim(harness), "print", taken_at + 3 * TICK) == RESULT

    async def test_renewal_does_not_shorten_life_of_result(self, harness: StorageHarness) -> None:
        store, claim = harness.storage.idempotency_store, new_claim(harness)
        await store.add(claim, "print", at(0))
        await store.save(claim, RESULT, at(100))
        await store.renew([claim], at(200))

        assert await store.add(new_claim(harness), "print", at(100) + RETENTION - TICK) == RESULT
        assert await store.add(new_claim(harness), "print", at(100) + RETENTION + TICK) is None

    async def test_result_is_stored_for_its_lifetime(self, harness: StorageHarness) -> None:
        store, claim = harness.storage.idempotency_store, new_claim(harness)
        await store.add(claim, "print", BEGINNING)
        kept_at = BEGINNING + 10 * TICK
        await store.save(claim, RESULT, kept_at)

        assert await store.add(new_claim(harness), "print", kept_at + RETENTION - TICK) == RESULT
        assert await store.add(new_claim(harness), "other", kept_at + RETENTION + TICK) is None

    async def test_expired_result_is_deleted(self, harness: StorageHarness) -> None:
        store = harness.storage.idempotency_store
        for scope, moment in (("old", BEGINNING), ("new", BEGINNING + 2 * TICK)):
            claim = new_claim(harness, scope)
            await store.add(claim, "print", moment)
            await store.save(claim, RESULT, moment)

        later = BEGINNING + RETENTION + TICK
        assert await store.delete_expired(later) == 1
        assert await store.delete_expired(later) == 0
        assert await store.add(new_claim(harness, "new"), "print", later) == RESULT
        assert await store.add(new_claim(harness, "old"), "other", later) is None

    async def test_one_of_concurrent_claims_succeeds(self, harness: StorageHarness) -> None:
        store = harness.storage.idempotency_store
        claims = [store.add(new_claim(harness), "print", at(0)) for _ in range(20)]

        outcomes = await gather(*claims, return_exceptions=True)

        assert outcomes.count(None) == 1
        assert sum(isinstance(outcome, RequestInProgress) for outcome in outcomes) == 19

    async def test_one_of_concurrent_takeovers_succeeds(self, harness: StorageHarness) -> None:
        store = harness.storage.idempotency_store
        await store.add(new_claim(harness), "print", BEGINNING)
        late = BEGINNING + CLAIM_LEASE + TICK

        outcomes = await gather(
            *(store.add(new_claim(harness), "print", late) for _ in range(20)), return_exceptions=True
        )

        assert outcomes.count(None) == 1
        assert sum(isinstance(outcome, RequestInProgress) for outcome in outcomes) == 19
