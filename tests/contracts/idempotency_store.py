"""The contract of stored results of idempotent requests."""

from asyncio import gather
from datetime import timedelta

import pytest

from domain.idempotency import CLAIM_TIMEOUT, RETENTION, KeyReused, RequestInProgress, StoredResult
from tests.contracts.harness import BEGINNING, StorageHarness, at

TICK = timedelta(seconds=1)
RESULT = StoredResult(201, (("location", "/v1/posts/1"), ("location", "twice")), b'{"text": "\xc3\xa4"}\x00')


class IdempotencyStoreContract:
    async def test_second_request_gets_result_of_first(self, harness: StorageHarness) -> None:
        assert await harness.storage.idempotency_store.claim("scope", "print", at(0)) is None
        await harness.storage.idempotency_store.save("scope", RESULT, at(1))

        for _ in range(2):
            assert await harness.storage.idempotency_store.claim("scope", "print", at(2)) == RESULT

    async def test_request_in_progress_is_reported(self, harness: StorageHarness) -> None:
        await harness.storage.idempotency_store.claim("scope", "print", at(0))

        with pytest.raises(RequestInProgress):
            await harness.storage.idempotency_store.claim("scope", "print", at(1))

    async def test_other_request_with_same_key_is_refused(self, harness: StorageHarness) -> None:
        await harness.storage.idempotency_store.claim("scope", "print", at(0))
        with pytest.raises(KeyReused):
            await harness.storage.idempotency_store.claim("scope", "other", at(1))

        await harness.storage.idempotency_store.save("scope", RESULT, at(2))
        with pytest.raises(KeyReused):
            await harness.storage.idempotency_store.claim("scope", "other", at(3))

    async def test_scopes_are_independent(self, harness: StorageHarness) -> None:
        await harness.storage.idempotency_store.claim("scope", "print", at(0))

        assert await harness.storage.idempotency_store.claim("Scope", "other", at(1)) is None

    async def test_released_key_can_be_claimed_again(self, harness: StorageHarness) -> None:
        await harness.storage.idempotency_store.claim("scope", "print", at(0))
        await harness.storage.idempotency_store.release("scope")
        await harness.storage.idempotency_store.release("scope")

        assert await harness.storage.idempotency_store.claim("scope", "other", at(1)) is None

    async def test_stored_result_cannot_be_released(self, harness: StorageHarness) -> None:
        await harness.storage.idempotency_store.claim("scope", "print", at(0))
        await harness.storage.idempotency_store.save("scope", RESULT, at(1))

        await harness.storage.idempotency_store.release("scope")

        assert await harness.storage.idempotency_store.claim("scope", "print", at(2)) == RESULT

    async def test_storing_without_claim_does_nothing(self, harness: StorageHarness) -> None:
        await harness.storage.idempotency_store.save("scope", RESULT, at(0))

        assert await harness.storage.idempotency_store.claim("scope", "print", at(1)) is None

    async def test_abandoned_claim_can_be_taken_over(self, harness: StorageHarness) -> None:
        await harness.storage.idempotency_store.claim("scope", "print", BEGINNING)

        with pytest.raises(RequestInProgress):
            await harness.storage.idempotency_store.claim("scope", "print", BEGINNING + CLAIM_TIMEOUT - TICK)
        assert await harness.storage.idempotency_store.claim("scope", "print", BEGINNING + CLAIM_TIMEOUT + TICK) is None
        with pytest.raises(RequestInProgress):
            await harness.storage.idempotency_store.claim("scope", "print", BEGINNING + CLAIM_TIMEOUT + 2 * TICK)

    async def test_result_is_stored_for_its_lifetime(self, harness: StorageHarness) -> None:
        await harness.storage.idempotency_store.claim("scope", "print", BEGINNING)
        kept_at = BEGINNING + 10 * TICK
        await harness.storage.idempotency_store.save("scope", RESULT, kept_at)

        assert await harness.storage.idempotency_store.claim("scope", "print", kept_at + RETENTION - TICK) == RESULT
        assert await harness.storage.idempotency_store.claim("scope", "other", kept_at + RETENTION + TICK) is None

    async def test_expired_result_is_deleted(self, harness: StorageHarness) -> None:
        for scope, moment in (("old", BEGINNING), ("new", BEGINNING + 2 * TICK)):
            await harness.storage.idempotency_store.claim(scope, "print", moment)
            await harness.storage.idempotency_store.save(scope, RESULT, moment)

        later = BEGINNING + RETENTION + TICK
        assert await harness.storage.idempotency_store.delete_expired(later) == 1
        assert await harness.storage.idempotency_store.delete_expired(later) == 0
        assert await harness.storage.idempotency_store.claim("new", "print", later) == RESULT
        assert await harness.storage.idempotency_store.claim("old", "other", later) is None

    async def test_one_of_concurrent_claims_succeeds(self, harness: StorageHarness) -> None:
        claims = [harness.storage.idempotency_store.claim("scope", "print", at(0)) for _ in range(20)]

        outcomes = await gather(*claims, return_exceptions=True)

        assert outcomes.count(None) == 1
        assert sum(isinstance(outcome, RequestInProgress) for outcome in outcomes) == 19

    async def test_one_of_concurrent_takeovers_succeeds(self, harness: StorageHarness) -> None:
        await harness.storage.idempotency_store.claim("scope", "print", BEGINNING)
        late = BEGINNING + CLAIM_TIMEOUT + TICK

        outcomes = await gather(
            *(harness.storage.idempotency_store.claim("scope", "print", late) for _ in range(20)),
            return_exceptions=True,
        )

        assert outcomes.count(None) == 1
        assert sum(isinstance(outcome, RequestInProgress) for outcome in outcomes) == 19
