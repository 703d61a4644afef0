"""What captions cost, and the answers that were paid for."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from domain.blobs import BlobKey
from domain.captions import Draft, SaidTags, Source, Suggestion, Usage
from domain.ids import CallId, ImageId, UserId
from domain.ledger import Budget, BudgetExhausted, Call, Outcome, Price, Question, Spent, day_of, next_day
from tests.contracts.world import BEGINNING, World

PRICE = Price(Decimal("0.15"), Decimal("0.60"))
TODAY = day_of(BEGINNING)


def question(name: str = "dog", model: str = "m-1", version: str = "p/1") -> Question:
    return Question(BlobKey.of(name.encode()), model, version)


def a_draft(text: str, *tags: str) -> Draft:
    said = SaidTags(tags, "m-1", "p/1") if tags else None
    return Draft(Suggestion(text, Source.MODEL, "m-1", "p/1"), said)


def a_call(world: World, user: UserId | None = None, usd: str = "0.001", about: Question | None = None) -> Call:
    image, whose = ImageId(world.id()), user or UserId(world.id())
    return Call(CallId(world.id()), about or question(), image, whose, world.now(), Decimal(usd))


async def saved(world: World, *calls: Call) -> None:
    async with world.storage.begin() as uow:
        for call in calls:
            await uow.ledger.save(call)
        await uow.commit()


async def spent(world: World, user: UserId | None = None) -> Spent:
    async with world.storage.begin() as uow:
        return await uow.ledger.spent(TODAY, user)


class LedgerContract:
    async def test_nothing_is_spent_at_first(self, world: World) -> None:
        assert await spent(world) == Spent()

    async def test_calls_add_up_exactly_by_day_and_by_user(self, world: World) -> None:
        ada, bob = UserId(world.id()), UserId(world.id())
        calls = [a_call(world, user, usd) for user, usd in ((ada, "0.1"), (ada, "0.2"), (bob, "0.000000075"))]
        yesterday = replace(a_call(world, ada, "9"), began_at=TODAY - timedelta(microseconds=1))
        tomorrow = replace(a_call(world, ada, "9"), began_at=next_day(BEGINNING))
        midnight = replace(a_call(world, bob, "1"), began_at=TODAY)

        await saved(world, *calls, yesterday, tomorrow, midnight)

        assert await spent(world, ada) == Spent(Decimal("1.300000075"), Decimal("0.3"), 4)
        assert await spent(world) == Spent(Decimal("1.300000075"), Decimal(0), 4)

    async def test_a_settled_call_counts_at_what_it_cost(self, world: World) -> None:
        answered, failed, lost, unusable = (a_call(world) for _ in range(4))
        await saved(world, answered, failed, lost, unusable)

        await saved(
            world,
            answered.answered(Draft(usage=Usage(2_833, 100)), PRICE),
            failed.failed(),
            lost.lost(),
            unusable.unusable(None, PRICE),
        )

        assert (await spent(world)).usd == Decimal("0.00048495") + 2 * Decimal("0.001")

    async def test_a_question_is_open_until_its_call_is_settled_or_too_old(self, world: World) -> None:
        call = a_call(world)
        await saved(world, call)
        before = call.began_at - timedelta(microseconds=1)

        async def is_open(about: Question = call.question) -> bool:
            async with world.storage.begin() as uow:
                return await uow.ledger.is_open(about, before)

        assert await is_open()
        others = question("cat"), question(model="m-2"), question(version="p/2")
        assert [await is_open(other) for other in others] == [False] * 3
        async with world.storage.begin() as uow:
            assert not await uow.ledger.is_open(call.question, call.began_at)
        await saved(world, replace(call, outcome=Outcome.DECLINED))
        assert not await is_open()

    async def test_of_many_who_hold_it_none_overdraws(self, world: World) -> None:
        ada, budget, each = UserId(world.id()), Budget(Decimal("0.0055"), Decimal(1)), Decimal("0.001")

        async def reserve(number: int) -> bool:
            async with world.storage.begin() as uow:
                await uow.ledger.hold()
                try:
                    budget.admit(each, await uow.ledger.spent(TODAY, ada), BEGINNING)
                except BudgetExhausted:
                    return False
                await asyncio.sleep(0)
                await uow.ledger.save(a_call(world, ada, str(each), question(str(number))))
                await uow.commit()
                return True

        admitted = await asyncio.gather(*(reserve(number) for number in range(12)))

        assert admitted.count(True) == 5
        assert (await spent(world)).usd == Decimal("0.005")

    async def test_what_was_not_committed_is_not_reserved(self, world: World) -> None:
        async with world.storage.begin() as uow:
            await uow.ledger.save(a_call(world))
            await uow.drafts.keep(question(), a_draft("lost"))

        assert await spent(world) == Spent()
        async with world.storage.begin() as uow:
            assert await uow.drafts.find(question()) is None

    async def test_it_outlives_the_image_and_its_owner(self, world: World) -> None:
        ada = await world.user("ada")
        image = await world.image(ada)
        await saved(world, replace(a_call(world, ada.id), image_id=image.id))

        await world.delete_user(ada)

        assert (await spent(world, ada.id)).by_user == Decimal("0.001")


class DraftsContract:
    async def test_an_answer_is_kept_for_its_question_alone(self, world: World) -> None:
        kept = a_draft("A dog.", "dog", "beach")
        async with world.storage.begin() as uow:
            await uow.drafts.keep(question(), replace(kept, usage=Usage(1, 2)))
            await uow.commit()

        async with world.storage.begin() as uow:
            assert await uow.drafts.find(question()) == kept
            others = question("cat"), question(model="m-2"), question(version="p/2")
            assert [await uow.drafts.find(other) for other in others] == [None] * 3

    async def test_a_newer_answer_replaces_an_older_and_a_no_is_an_answer(self, world: World) -> None:
        async with world.storage.begin() as uow:
            await uow.drafts.keep(question(), a_draft("A dog.", "dog"))
            await uow.drafts.keep(question(), Draft(declined=True))
            await uow.commit()

        async with world.storage.begin() as uow:
            assert await uow.drafts.find(question()) == Draft(declined=True)

    async def test_all_about_a_picture_is_forgotten_at_once(self, world: World) -> None:
        about = question(), question(model="m-2"), question("cat")
        async with world.storage.begin() as uow:
            for one in about:
                await uow.drafts.keep(one, Draft())
            await uow.drafts.forget(question().picture)
            assert [await uow.drafts.find(one) for one in about] == [None, None, Draft()]

    async def test_what_no_image_holds_any_more_is_forgotten(self, world: World) -> None:
        ada = await world.user("ada")
        held = await world.image(ada)
        async with world.storage.begin() as uow:
            for picture in (held.original, BlobKey.of(b"gone"), BlobKey.of(b"gone too")):
                await uow.drafts.keep(Question(picture, "m-1", "p/1"), Draft())
            await uow.commit()

        async with world.storage.begin() as uow:
            assert await uow.drafts.forget_unnamed() == 2
            assert await uow.drafts.find(Question(held.original, "m-1", "p/1")) == Draft()
