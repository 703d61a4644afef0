"""The contracts of the caption ledger and the caption cache."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from domain.blobs import BlobKey
from domain.captions import CaptionDraft, ModelTags, Source, Suggestion, TokenUsage
from domain.ids import CallId, ImageId, UserId
from domain.ledger import (
    Budget,
    BudgetExhausted,
    Call,
    CallOutcome,
    CallStanding,
    CaptionKey,
    Price,
    Spending,
    start_of_day,
    start_of_next_day,
)
from tests.contracts.harness import BEGINNING, StorageHarness

PRICE = Price(Decimal("0.15"), Decimal("0.60"))
TODAY = start_of_day(BEGINNING)


def caption_key(name: str = "dog", model: str = "m-1", version: str = "p/1") -> CaptionKey:
    return CaptionKey(BlobKey.of(name.encode()), model, version)


def new_draft(text: str, *tags: str) -> CaptionDraft:
    said = ModelTags(tags, "m-1", "p/1") if tags else None
    return CaptionDraft(Suggestion(text, Source.MODEL, "m-1", "p/1"), said)


def new_call(
    harness: StorageHarness, user: UserId | None = None, usd: str = "0.001", about: CaptionKey | None = None
) -> Call:
    image, whose = ImageId(harness.new_id()), user or UserId(harness.new_id())
    return Call(CallId(harness.new_id()), about or caption_key(), image, whose, harness.now(), Decimal(usd))


async def save_calls(harness: StorageHarness, *calls: Call) -> None:
    async with harness.storage.begin() as uow:
        for call in calls:
            await uow.ledger.save(call)
        await uow.commit()


async def read_spending(harness: StorageHarness, user: UserId | None = None) -> Spending:
    async with harness.storage.begin() as uow:
        return await uow.ledger.spending(TODAY, user)


class LedgerContract:
    async def test_ledger_is_empty_at_first(self, harness: StorageHarness) -> None:
        assert await read_spending(harness) == Spending()

    async def test_costs_are_summed_exactly_by_day_and_user(self, harness: StorageHarness) -> None:
        ada, bob = UserId(harness.new_id()), UserId(harness.new_id())
        calls = [new_call(harness, user, usd) for user, usd in ((ada, "0.1"), (ada, "0.2"), (bob, "0.000000075"))]
        yesterday = replace(new_call(harness, ada, "9"), began_at=TODAY - timedelta(microseconds=1))
        tomorrow = replace(new_call(harness, ada, "9"), began_at=start_of_next_day(BEGINNING))
        midnight = replace(new_call(harness, bob, "1"), began_at=TODAY)

        await save_calls(harness, *calls, yesterday, tomorrow, midnight)

        assert await read_spending(harness, ada) == Spending(Decimal("1.300000075"), Decimal("0.3"), 4)
        assert await read_spending(harness) == Spending(Decimal("1.300000075"), Decimal(0), 4)

    async def test_settled_call_counts_actual_cost(self, harness: StorageHarness) -> None:
        answered, failed, lost, unusable = (new_call(harness) for _ in range(4))
        await save_calls(harness, answered, failed, lost, unusable)

        await save_calls(
            harness,
            answered.mark_answered(CaptionDraft(usage=TokenUsage(2_833, 100)), PRICE),
            failed.mark_failed(),
            lost.mark_lost(),
            unusable.mark_unusable(None, PRICE),
        )

        assert (await read_spending(harness)).usd == Decimal("0.00048495") + 2 * Decimal("0.001")

    async def test_call_is_open_until_settled_or_expired(self, harness: StorageHarness) -> None:
        call = new_call(harness)
        await save_calls(harness, call)
        before = call.began_at - timedelta(microseconds=1)

        async def is_open(about: CaptionKey = call.key) -> bool:
            async with harness.storage.begin() as uow:
                return (await uow.ledger.standing(about, call.user_id, TODAY, before)).in_progress

        assert await is_open()
        others = caption_key("cat"), caption_key(model="m-2"), caption_key(version="p/2")
        assert [await is_open(other) for other in others] == [False] * 3
        async with harness.storage.begin() as uow:
            standing = await uow.ledger.standing(call.key, call.user_id, TODAY, call.began_at)
        assert standing == CallStanding(in_progress=False, spent=await read_spending(harness, call.user_id))
        await save_calls(harness, replace(call, outcome=CallOutcome.DECLINED))
        assert not await is_open()

    async def test_concurrent_reservations_stay_within_budget(self, harness: StorageHarness) -> None:
        ada, budget, each = UserId(harness.new_id()), Budget(Decimal("0.0055"), Decimal(1)), Decimal("0.001")

        async def reserve(number: int) -> bool:
            async with harness.storage.begin() as uow:
                standing = await uow.ledger.standing(caption_key(str(number)), ada, TODAY, BEGINNING)
                try:
                    budget.admit(each, standing.spent, BEGINNING)
                except BudgetExhausted:
                    return False
                await asyncio.sleep(0)
                await uow.ledger.save(new_call(harness, ada, str(each), caption_key(str(number))))
                await uow.commit()
                return True

        admitted = await asyncio.gather(*(reserve(number) for number in range(12)))

        assert admitted.count(True) == 5
        assert (await read_spending(harness)).usd == Decimal("0.005")

    async def test_rolled_back_reservation_does_not_count(self, harness: StorageHarness) -> None:
        async with harness.storage.begin() as uow:
            await uow.ledger.save(new_call(harness))
            await uow.caption_cache.save(caption_key(), new_draft("lost"))

        assert await read_spending(harness) == Spending()
        async with harness.storage.begin() as uow:
            assert await uow.caption_cache.find(caption_key()) is None

    async def test_ledger_outlives_image_and_owner(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        image = await harness.add_image(ada)
        await save_calls(harness, replace(new_call(harness, ada.id), image_id=image.id))

        await harness.delete_user(ada)

        assert (await read_spending(harness, ada.id)).by_user == Decimal("0.001")


class CaptionCacheContract:
    async def test_answer_is_cached_for_its_key_only(self, harness: StorageHarness) -> None:
        kept = new_draft("A dog.", "dog", "beach")
        async with harness.storage.begin() as uow:
            await uow.caption_cache.save(caption_key(), replace(kept, usage=TokenUsage(1, 2)))
            await uow.commit()

        async with harness.storage.begin() as uow:
            assert await uow.caption_cache.find(caption_key()) == kept
            others = caption_key("cat"), caption_key(model="m-2"), caption_key(version="p/2")
            assert [await uow.caption_cache.find(other) for other in others] == [None] * 3

    async def test_newer_answer_replaces_older_one_and_refusals_are_cached(self, harness: StorageHarness) -> None:
        async with harness.storage.begin() as uow:
            await uow.caption_cache.save(caption_key(), new_draft("A dog.", "dog"))
            await uow.caption_cache.save(caption_key(), CaptionDraft(declined=True))
            await uow.commit()

        async with harness.storage.begin() as uow:
            assert await uow.caption_cache.find(caption_key()) == CaptionDraft(declined=True)

    async def test_all_answers_for_image_are_deleted(self, harness: StorageHarness) -> None:
        about = caption_key(), caption_key(model="m-2"), caption_key("cat")
        async with harness.storage.begin() as uow:
            for one in about:
                await uow.caption_cache.save(one, CaptionDraft())
            await uow.caption_cache.delete(caption_key().image)
            assert [await uow.caption_cache.find(one) for one in about] == [None, None, CaptionDraft()]

    async def test_answers_without_image_are_deleted(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        held = await harness.add_image(ada)
        async with harness.storage.begin() as uow:
            for image in (held.original, BlobKey.of(b"gone"), BlobKey.of(b"gone too")):
                await uow.caption_cache.save(CaptionKey(image, "m-1", "p/1"), CaptionDraft())
            await uow.commit()

        async with harness.storage.begin() as uow:
            assert await uow.caption_cache.delete_unreferenced() == 2
            assert await uow.caption_cache.find(CaptionKey(held.original, "m-1", "p/1")) == CaptionDraft()
