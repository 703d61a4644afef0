"""Captions that cost money: once for everybody, within the budgets, with a row for every call."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

import pytest

from container import Container
from domain.captions import Draft, LostCall, PictureRefused, UnusableDraft, Usage, WriterLockedOut
from domain.errors import Unavailable
from domain.ids import UserId
from domain.images import Image
from domain.jobs import Job
from domain.ledger import Price, Spent, next_day
from domain.understanding import LEASE, MAX_ATTEMPTS, State, Task, Understanding
from tests.databases import emptied
from tests.doubles import PaidCaptionWriter, ScriptedClassifier, StoppedClock
from tests.pictures import a_jpeg
from tests.services.conftest import Town
from tests.worlds import memory_container, postgres_container

PRICES = {"paid-1": Price(Decimal("0.15"), Decimal("0.60"))}
COST = Decimal("0.00021")
"""Of an answer: 1,000 tokens in, 100 out."""
ESTIMATE = Decimal("0.0006")
"""Of a call before it is made: 2,000 tokens in, 500 out."""

pytestmark = pytest.mark.parametrize("store", ["memory", pytest.param("postgres", marks=pytest.mark.postgres)])


class Bank:
    """A town with a paid writer."""

    def __init__(self, container: Container, clock: StoppedClock, writer: PaidCaptionWriter) -> None:
        self.town = Town(container, clock)
        self.container = container
        self.clock = clock
        self.writer = writer

    async def attempt(self, image: Image) -> None:
        await self.container.understanding().attempt(Job(Task.CAPTION, image.id))

    async def seen(self, image: Image) -> Image:
        found: Image | None = await self.container.gallery().image(image.id, image.owner_id)
        assert found is not None
        return found

    async def row(self, image: Image) -> Understanding:
        return (await self.seen(image)).understanding[Task.CAPTION]

    async def text(self, image: Image) -> str | None:
        suggestion = (await self.seen(image)).suggestion
        return suggestion.text if suggestion else None

    async def spent(self) -> Spent:
        return await self.container.captioning().spent_today()

    async def again(self, image: Image, owner: UserId) -> None:
        await self.container.understanding().ask_again(image.id, owner, Task.CAPTION)
        await self.attempt(image)


@pytest.fixture
def url(request: pytest.FixtureRequest, store: str) -> str | None:
    return request.getfixturevalue("database_url") if store == "postgres" else None


@pytest.fixture
async def bank(url: str | None) -> AsyncIterator[Any]:
    if url:
        await emptied(url)
    opened: list[Container] = []

    def made(*script: Draft | Exception, daily: str = "1", per_user: str = "1", prices: Any = PRICES) -> Bank:
        writer, clock = PaidCaptionWriter(*script), StoppedClock()
        config = {
            "caption_prices": prices,
            "caption_daily_usd": Decimal(daily),
            "caption_user_daily_usd": Decimal(per_user),
        }
        replaced = {"captions": writer, "clock": clock, "classifier": ScriptedClassifier([])}
        if url:
            opened.append(postgres_container(url, config=config, **replaced))
        else:
            opened.append(memory_container(config=config, **replaced))
        return Bank(opened[-1], clock, writer)

    yield made
    for container in opened:
        if url:
            await container.database().close()


async def ended(running: list[asyncio.Task[None]], number: int) -> None:
    for first in islice(asyncio.as_completed(running), number):
        await first


async def test_a_caption_is_paid_entered_and_shown_with_its_tags(bank: Any) -> None:
    b: Bank = bank(PaidCaptionWriter.draft("A dog.", "dog", "beach"))
    image = await b.town.image(await b.town.person("ada"))

    await b.attempt(image)

    seen = await b.seen(image)
    assert seen.suggestion is not None
    assert seen.said is not None
    assert (seen.suggestion.text, seen.suggestion.model, seen.suggestion.prompt_version) == (
        "A dog.",
        "paid-1",
        "test/1",
    )
    assert (seen.said.tags, seen.said.model, seen.said.prompt_version) == (("dog", "beach"), "paid-1", "test/1")
    assert (await b.row(image)).state is State.DONE
    assert await b.spent() == Spent(COST, Decimal(0), 1)


async def test_the_tags_stay_when_the_suggestion_is_answered(bank: Any) -> None:
    b: Bank = bank(PaidCaptionWriter.draft("A dog.", "dog"))
    ada = await b.town.person("ada")
    image = await b.town.image(ada)
    await b.attempt(image)

    seen = await b.container.uploading().describe(image.id, ada, "My dog.")

    assert seen.said is not None
    assert (seen.said.tags, seen.suggestion) == (("dog",), None)


async def test_the_same_picture_is_paid_once_for_everybody(bank: Any) -> None:
    b: Bank = bank()
    owners = [await b.town.person(name) for name in ("ada", "bob", "eve")]
    images = [await b.town.image(owner) for owner in owners]

    for image in images:
        await b.attempt(image)

    assert [await b.text(image) for image in images] == ["paid draft 1"] * 3
    assert (b.writer.calls, (await b.spent()).calls) == (1, 1)


async def test_the_same_picture_at_the_same_moment_is_paid_once_too(bank: Any) -> None:
    b: Bank = bank()
    owners = [await b.town.person(name) for name in ("ada", "bob", "eve")]
    images = [await b.town.image(owner) for owner in owners]
    b.writer.gate.clear()

    running = [asyncio.create_task(b.attempt(image)) for image in images]
    await ended(running, 2)
    waiting = [row for row in [await b.row(image) for image in images] if row.state is State.PENDING]
    assert [(row.attempts, row.error) for row in waiting] == [
        (0, "busy: somebody else is asking about the same picture")
    ] * 2
    b.writer.gate.set()
    await asyncio.gather(*running)
    b.clock.advance(timedelta(seconds=10))
    for image in images:
        await b.attempt(image)

    assert [await b.text(image) for image in images] == ["paid draft 1"] * 3
    assert b.writer.calls == 1


async def test_an_owner_who_asks_again_pays_again_and_the_new_answer_is_everybodys(bank: Any) -> None:
    b: Bank = bank()
    ada, bob = await b.town.person("ada"), await b.town.person("bob")
    mine, theirs = await b.town.image(ada), await b.town.image(bob)
    await b.attempt(mine)

    await b.again(mine, ada)
    await b.attempt(theirs)

    assert [await b.text(image) for image in (mine, theirs)] == ["paid draft 2"] * 2
    assert (await b.spent()).usd == 2 * COST


async def test_the_days_budget_stops_calls_before_they_are_made(bank: Any) -> None:
    b: Bank = bank(daily="0.0011")
    ada = await b.town.person("ada")
    images = [await b.town.image(ada, seed) for seed in range(5)]
    for image in images:
        await b.attempt(image)

    # 0.0006 fits at first, then beside 0.00021 and beside 0.00042, but not beside 0.00063.
    rows = [await b.row(image) for image in images]
    assert [row.state for row in rows] == [State.DONE] * 3 + [State.PENDING] * 2
    tomorrow = next_day(b.clock.now())
    assert [(row.error, row.attempts, row.next_attempt_at) for row in rows[3:]] == [
        ("budget_exhausted", 0, tomorrow)
    ] * 2
    assert b.writer.calls == 3

    b.clock.advance(tomorrow - b.clock.now())
    assert await b.container.understanding().sweep() >= 2
    for image in images[3:]:
        await b.attempt(image)
    assert [(await b.row(image)).state for image in images] == [State.DONE] * 5
    assert (await b.spent()).calls == 2


async def test_one_persons_budget_does_not_stop_another(bank: Any) -> None:
    b: Bank = bank(per_user="0.0007")
    ada, bob = await b.town.person("ada"), await b.town.person("bob")
    first, second, other = await b.town.image(ada, 1), await b.town.image(ada, 2), await b.town.image(bob, 3)

    for image in (first, second, other):
        await b.attempt(image)

    states = [(await b.row(image)).state for image in (first, second, other)]
    assert states == [State.DONE, State.PENDING, State.DONE]


async def test_many_at_once_do_not_overdraw(bank: Any) -> None:
    b: Bank = bank(daily="0.0025")
    ada = await b.town.person("ada")
    images = [await b.town.image(ada, seed) for seed in range(8)]
    b.writer.gate.clear()

    running = [asyncio.create_task(b.attempt(image)) for image in images]
    await ended(running, 4)
    assert (b.writer.calls, await b.spent()) == (4, Spent(4 * ESTIMATE, Decimal(0), 4))
    b.writer.gate.set()
    await asyncio.gather(*running)

    assert await b.spent() == Spent(4 * COST, Decimal(0), 4)


async def test_a_budget_of_nothing_buys_nothing(bank: Any) -> None:
    b: Bank = bank(daily="0")
    image = await b.town.image(await b.town.person("ada"))

    await b.attempt(image)

    assert ((await b.row(image)).error, b.writer.calls) == ("budget_exhausted", 0)


async def test_without_a_price_nothing_is_bought_and_the_operator_is_told(
    bank: Any, caplog: pytest.LogCaptureFixture
) -> None:
    b: Bank = bank(prices={})
    image = await b.town.image(await b.town.person("ada"))

    await b.attempt(image)

    row = await b.row(image)
    assert (row.state, row.attempts) == (State.PENDING, 0)
    assert row.error == "captions_locked_out: captions wait for the operator"
    assert "TINTYPE_CAPTION_PRICES" in caplog.text
    assert b.writer.calls == 0


async def test_a_writer_that_is_locked_out_is_tried_again_and_costs_no_attempt(bank: Any) -> None:
    b: Bank = bank(WriterLockedOut("wrong key"), PaidCaptionWriter.draft("A."))
    image = await b.town.image(await b.town.person("ada"))

    await b.attempt(image)

    row = await b.row(image)
    assert (row.state, row.attempts) == (State.PENDING, 0)
    assert "wrong key" not in str(row.error)
    assert row.next_attempt_at == b.clock.now() + timedelta(minutes=15)
    assert await b.spent() == Spent(Decimal(0), Decimal(0), 1)
    b.clock.advance(timedelta(minutes=15))
    await b.attempt(image)
    assert await b.text(image) == "A."


async def test_a_writer_that_is_locked_out_is_asked_for_one_picture_and_told_of_once(
    bank: Any, caplog: pytest.LogCaptureFixture
) -> None:
    b: Bank = bank(WriterLockedOut("wrong key"))
    ada = await b.town.person("ada")
    images = [await b.town.image(ada, seed) for seed in range(4)]

    for image in images:
        await b.attempt(image)

    assert (b.writer.calls, caplog.text.count("wrong key")) == (1, 1)
    assert {(await b.row(image)).error for image in images} == {"captions_locked_out: captions wait for the operator"}


async def test_an_operator_who_has_seen_to_it_need_not_wait(bank: Any) -> None:
    b: Bank = bank(WriterLockedOut("wrong key"), PaidCaptionWriter.draft("A."), daily="0.0007")
    ada = await b.town.person("ada")
    locked_out, broke = await b.town.image(ada, 1), await b.town.image(ada, 2)
    await b.attempt(locked_out)
    b.clock.advance(timedelta(minutes=1))
    assert (await b.row(locked_out)).state is State.PENDING

    assert await b.container.understanding().retry_failed() == 1
    for image in (locked_out, broke):
        await b.attempt(image)

    assert await b.text(locked_out) == "A."
    assert (await b.row(broke)).error == "budget_exhausted"
    assert await b.container.understanding().retry_failed() == 1
    assert (await b.row(broke)).next_attempt_at == b.clock.now()


async def test_a_declined_picture_is_no_failure_is_paid_once_and_says_why(bank: Any) -> None:
    b: Bank = bank(Draft(usage=Usage(1_000, 100), declined=True))
    ada, bob = await b.town.person("ada"), await b.town.person("bob")
    mine, theirs = await b.town.image(ada), await b.town.image(bob)

    await b.attempt(mine)
    await b.attempt(theirs)

    for image in (mine, theirs):
        row = await b.row(image)
        assert (row.state, row.error) == (State.SKIPPED, "the model declined to describe this picture")
    assert (b.writer.calls, (await b.spent()).usd) == (1, COST)
    assert await b.container.understanding().retry_failed() == 0


async def test_unusable_answers_are_paid_for_three_times_and_no_more(bank: Any) -> None:
    b: Bank = bank(UnusableDraft("no JSON", usage=Usage(1_000, 100)))
    image = await b.town.image(await b.town.person("ada"))

    for _ in range(MAX_ATTEMPTS):
        await b.attempt(image)
        b.clock.advance(timedelta(minutes=1))

    assert ((await b.row(image)).state, b.writer.calls) == (State.FAILED, 3)
    assert (await b.spent()).usd == 3 * COST


async def test_a_lost_call_counts_at_its_estimate_and_is_made_again(bank: Any) -> None:
    b: Bank = bank(LostCall("no answer"), PaidCaptionWriter.draft("A."))
    image = await b.town.image(await b.town.person("ada"))

    await b.attempt(image)
    b.clock.advance(timedelta(minutes=1))
    await b.attempt(image)

    assert await b.text(image) == "A."
    assert await b.spent() == Spent(ESTIMATE + COST, Decimal(0), 2)


async def test_a_busy_service_is_left_alone_for_as_long_as_it_asks(bank: Any) -> None:
    b: Bank = bank(Unavailable("busy (429)", retry_after=900), PaidCaptionWriter.draft("A."))
    image = await b.town.image(await b.town.person("ada"))

    await b.attempt(image)

    row = await b.row(image)
    assert (row.state, row.attempts, row.error) == (State.PENDING, 1, "busy: busy (429)")
    assert row.next_attempt_at == b.clock.now() + timedelta(seconds=900)
    assert (await b.spent()).usd == 0


async def test_a_wish_to_be_left_alone_for_ever_is_not_granted(bank: Any) -> None:
    b: Bank = bank(Unavailable("busy (429)", retry_after=1e12))
    image = await b.town.image(await b.town.person("ada"))

    await b.attempt(image)

    assert (await b.row(image)).next_attempt_at == b.clock.now() + timedelta(days=1)


async def test_a_picture_that_is_not_taken_fails_at_once_and_free(bank: Any) -> None:
    b: Bank = bank(PictureRefused("not taken (400)"))
    image = await b.town.image(await b.town.person("ada"))

    await b.attempt(image)

    assert (await b.row(image)).state is State.FAILED
    assert (await b.spent()).usd == 0


async def test_a_worker_that_dies_while_it_pays_keeps_its_reservation_and_another_goes_on(bank: Any) -> None:
    b: Bank = bank()
    image = await b.town.image(await b.town.person("ada"))
    b.writer.gate.clear()
    dying = asyncio.create_task(b.attempt(image))
    await b.writer.begun.wait()
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    b.writer.gate.set()

    b.clock.advance(LEASE)
    await b.attempt(image)

    assert await b.text(image) == "paid draft 2"
    assert await b.spent() == Spent(ESTIMATE + COST, Decimal(0), 2)


async def test_answers_about_pictures_that_are_gone_are_forgotten(bank: Any) -> None:
    b: Bank = bank()
    ada = await b.town.person("ada")
    image = await b.town.image(ada)
    await b.attempt(image)
    assert await b.container.captioning().forget_unnamed() == 0

    await b.container.uploading().delete(image.id, ada)

    assert await b.container.captioning().forget_unnamed() == 1
    assert (await b.spent()).calls == 1


async def test_other_bytes_are_another_picture(bank: Any) -> None:
    b: Bank = bank()
    ada = await b.town.person("ada")
    images = [await b.container.uploading().upload(ada, a_jpeg(seed=seed)) for seed in (1, 2)]

    for image in images:
        await b.attempt(image)

    assert b.writer.calls == 2
