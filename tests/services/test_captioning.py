"""Paid captions: once per image, within budgets, with a row for every call."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

import pytest

from container import Container
from domain.captions import CaptionDraft, ImageRefused, LostCall, TokenUsage, UnusableDraft, WriterLockedOut
from domain.consent import CaptionChoice
from domain.errors import Unavailable
from domain.ids import UserId
from domain.images import Image
from domain.jobs import Job
from domain.ledger import Price, Spending, start_of_next_day
from domain.understanding import LEASE, MAX_ATTEMPTS, State, Task, Understanding
from tests.containers import memory_container, postgres_container
from tests.databases import empty_database
from tests.doubles import PaidCaptionWriter, ScriptedClassifier, StoppedClock
from tests.sample_images import a_jpeg
from tests.services.conftest import ServiceHarness

PRICES = {"paid-1": Price(Decimal("0.15"), Decimal("0.60"))}
COST = Decimal("0.00021")
"""Of an answer: 1,000 tokens in, 100 out."""
ESTIMATE = Decimal("0.0006")
"""Of a call before it is made: 2,000 tokens in, 500 out."""

pytestmark = pytest.mark.parametrize("store", ["memory", pytest.param("postgres", marks=pytest.mark.postgres)])


class CaptionHarness:
    """A container with a paid caption writer."""

    def __init__(self, container: Container, clock: StoppedClock, writer: PaidCaptionWriter) -> None:
        self.services = ServiceHarness(container, clock)
        self.container = container
        self.clock = clock
        self.writer = writer

    async def sign_up(self, name: str) -> UserId:
        """Sign up a user who agrees to the external service."""
        user_id = await self.services.sign_up(name)
        await self.container.consenting().decide(user_id, CaptionChoice.SERVICE, followers_only=True)
        return user_id

    async def attempt(self, image: Image) -> None:
        await self.container.image_analysis().attempt(Job(Task.CAPTION, image.id))

    async def read_image(self, image: Image) -> Image:
        found: Image | None = await self.container.storage().image_reader.by_id(image.id, image.owner_id)
        assert found is not None
        return found

    async def caption_row(self, image: Image) -> Understanding:
        return (await self.read_image(image)).understanding[Task.CAPTION]

    async def suggestion_text(self, image: Image) -> str | None:
        suggestion = (await self.read_image(image)).suggestion
        return suggestion.text if suggestion else None

    async def spent_today(self) -> Spending:
        return await self.container.captioning().spent_today()

    async def ask_again(self, image: Image, owner: UserId) -> None:
        await self.container.image_analysis().request_again(image.id, owner, Task.CAPTION)
        await self.attempt(image)


@pytest.fixture
def url(request: pytest.FixtureRequest, store: str) -> str | None:
    return request.getfixturevalue("database_url") if store == "postgres" else None


@pytest.fixture
async def make_harness(url: str | None) -> AsyncIterator[Any]:
    if url:
        await empty_database(url)
    opened: list[Container] = []

    def make(
        *script: CaptionDraft | Exception, daily: str = "1", per_user: str = "1", prices: Any = PRICES
    ) -> CaptionHarness:
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
        return CaptionHarness(opened[-1], clock, writer)

    yield make
    for container in opened:
        if url:
            await container.database().close()


async def wait_for_first(running: list[asyncio.Task[None]], number: int) -> None:
    for first in islice(asyncio.as_completed(running), number):
        await first


async def test_caption_is_recorded_and_shown_with_tags(make_harness: Any) -> None:
    harness: CaptionHarness = make_harness(PaidCaptionWriter.draft("A dog.", "dog", "beach"))
    image = await harness.services.upload(await harness.sign_up("ada"))

    await harness.attempt(image)

    seen = await harness.read_image(image)
    assert seen.suggestion is not None
    assert seen.model_tags is not None
    assert (seen.suggestion.text, seen.suggestion.model, seen.suggestion.prompt_version) == (
        "A dog.",
        "paid-1",
        "test/1",
    )
    assert (seen.model_tags.tags, seen.model_tags.model, seen.model_tags.prompt_version) == (
        ("dog", "beach"),
        "paid-1",
        "test/1",
    )
    assert (await harness.caption_row(image)).state is State.DONE
    assert await harness.spent_today() == Spending(COST, Decimal(0), 1)


async def test_tags_stay_after_suggestion_is_handled(make_harness: Any) -> None:
    harness: CaptionHarness = make_harness(PaidCaptionWriter.draft("A dog.", "dog"))
    ada = await harness.sign_up("ada")
    image = await harness.services.upload(ada)
    await harness.attempt(image)

    seen = await harness.container.uploading().describe(image.id, ada, "My dog.")

    assert seen.model_tags is not None
    assert (seen.model_tags.tags, seen.suggestion) == (("dog",), None)


async def test_same_image_is_paid_once(make_harness: Any) -> None:
    harness: CaptionHarness = make_harness()
    owners = [await harness.sign_up(name) for name in ("ada", "bob", "eve")]
    images = [await harness.services.upload(owner) for owner in owners]

    for image in images:
        await harness.attempt(image)

    assert [await harness.suggestion_text(image) for image in images] == ["paid draft 1"] * 3
    assert (harness.writer.calls, (await harness.spent_today()).calls) == (1, 1)


async def test_concurrent_same_image_is_paid_once(make_harness: Any) -> None:
    harness: CaptionHarness = make_harness()
    owners = [await harness.sign_up(name) for name in ("ada", "bob", "eve")]
    images = [await harness.services.upload(owner) for owner in owners]
    harness.writer.gate.clear()

    running = [asyncio.create_task(harness.attempt(image)) for image in images]
    await wait_for_first(running, 2)
    waiting = [row for row in [await harness.caption_row(image) for image in images] if row.state is State.PENDING]
    assert [(row.attempts, row.error) for row in waiting] == [
        (0, "busy: another worker is captioning the same image")
    ] * 2
    harness.writer.gate.set()
    await asyncio.gather(*running)
    harness.clock.advance(timedelta(seconds=10))
    for image in images:
        await harness.attempt(image)

    assert [await harness.suggestion_text(image) for image in images] == ["paid draft 1"] * 3
    assert harness.writer.calls == 1


async def test_repeated_request_pays_again_and_replaces_answer(make_harness: Any) -> None:
    harness: CaptionHarness = make_harness()
    ada, bob = await harness.sign_up("ada"), await harness.sign_up("bob")
    mine, theirs = await harness.services.upload(ada), await harness.services.upload(bob)
    await harness.attempt(mine)

    await harness.ask_again(mine, ada)
    await harness.attempt(theirs)

    assert [await harness.suggestion_text(image) for image in (mine, theirs)] == ["paid draft 2"] * 2
    assert (await harness.spent_today()).usd == 2 * COST


async def test_daily_budget_prevents_calls(make_harness: Any) -> None:
    harness: CaptionHarness = make_harness(daily="0.0011")
    ada = await harness.sign_up("ada")
    images = [await harness.services.upload(ada, seed) for seed in range(5)]
    for image in images:
        await harness.attempt(image)

    # 0.0006 fits at first, then beside 0.00021 and beside 0.00042, but not beside 0.00063.
    rows = [await harness.caption_row(image) for image in images]
    assert [row.state for row in rows] == [State.DONE] * 3 + [State.PENDING] * 2
    tomorrow = start_of_next_day(harness.clock.now())
    assert [(row.error, row.attempts, row.next_attempt_at) for row in rows[3:]] == [
        ("budget_exhausted", 0, tomorrow)
    ] * 2
    assert harness.writer.calls == 3

    harness.clock.advance(tomorrow - harness.clock.now())
    assert await harness.container.image_analysis().sweep() >= 2
    for image in images[3:]:
        await harness.attempt(image)
    assert [(await harness.caption_row(image)).state for image in images] == [State.DONE] * 5
    assert (await harness.spent_today()).calls == 2


async def test_user_budgets_are_independent(make_harness: Any) -> None:
    harness: CaptionHarness = make_harness(per_user="0.0007")
    ada, bob = await harness.sign_up("ada"), await harness.sign_up("bob")
    first, second, other = (
        await harness.services.upload(ada, 1),
        await harness.services.upload(ada, 2),
        await harness.services.upload(bob, 3),
    )

    for image in (first, second, other):
        await harness.attempt(image)

    states = [(await harness.caption_row(image)).state for image in (first, second, other)]
    assert states == [State.DONE, State.PENDING, State.DONE]


async def test_concurrent_calls_stay_within_budget(make_harness: Any) -> None:
    harness: CaptionHarness = make_harness(daily="0.0025")
    ada = await harness.sign_up("ada")
    images = [await harness.services.upload(ada, seed) for seed in range(8)]
    harness.writer.gate.clear()

    running = [asyncio.create_task(harness.attempt(image)) for image in images]
    await wait_for_first(running, 4)
    assert (harness.writer.calls, await harness.spent_today()) == (4, Spending(4 * ESTIMATE, Decimal(0), 4))
    harness.writer.gate.set()
    await asyncio.gather(*running)

    assert await harness.spent_today() == Spending(4 * COST, Decimal(0), 4)


async def test_zero_budget_makes_no_calls(make_harness: Any) -> None:
    harness: CaptionHarness = make_harness(daily="0")
    image = await harness.services.upload(await harness.sign_up("ada"))

    await harness.attempt(image)

    assert ((await harness.caption_row(image)).error, harness.writer.calls) == ("budget_exhausted", 0)


async def test_unknown_price_makes_no_calls_and_is_reported(
    make_harness: Any, caplog: pytest.LogCaptureFixture
) -> None:
    harness: CaptionHarness = make_harness(prices={})
    image = await harness.services.upload(await harness.sign_up("ada"))

    await harness.attempt(image)

    row = await harness.caption_row(image)
    assert (row.state, row.attempts) == (State.PENDING, 0)
    assert (
        row.error
        == "captions_locked_out: captions are paused until the operator fixes a problem; they continue automatically"
    )
    assert "TINTYPE_CAPTION_PRICES" in caplog.text
    assert harness.writer.calls == 0


async def test_locked_out_writer_costs_no_attempt(make_harness: Any) -> None:
    harness: CaptionHarness = make_harness(WriterLockedOut("wrong key"), PaidCaptionWriter.draft("A."))
    image = await harness.services.upload(await harness.sign_up("ada"))

    await harness.attempt(image)

    row = await harness.caption_row(image)
    assert (row.state, row.attempts) == (State.PENDING, 0)
    assert "wrong key" not in str(row.error)
    assert row.next_attempt_at == harness.clock.now() + timedelta(minutes=15)
    assert await harness.spent_today() == Spending(Decimal(0), Decimal(0), 1)
    harness.clock.advance(timedelta(minutes=15))
    await harness.attempt(image)
    assert await harness.suggestion_text(image) == "A."


async def test_locked_out_writer_is_called_and_reported_once(
    make_harness: Any, caplog: pytest.LogCaptureFixture
) -> None:
    harness: CaptionHarness = make_harness(WriterLockedOut("wrong key"))
    ada = await harness.sign_up("ada")
    images = [await harness.services.upload(ada, seed) for seed in range(4)]

    for image in images:
        await harness.attempt(image)

    assert (harness.writer.calls, caplog.text.count("wrong key")) == (1, 1)
    assert {(await harness.caption_row(image)).error for image in images} == {
        "captions_locked_out: captions are paused until the operator fixes a problem; they continue automatically"
    }


async def test_operator_can_retry_at_once(make_harness: Any) -> None:
    harness: CaptionHarness = make_harness(WriterLockedOut("wrong key"), PaidCaptionWriter.draft("A."), daily="0.0007")
    ada = await harness.sign_up("ada")
    locked_out, broke = await harness.services.upload(ada, 1), await harness.services.upload(ada, 2)
    await harness.attempt(locked_out)
    harness.clock.advance(timedelta(minutes=1))
    assert (await harness.caption_row(locked_out)).state is State.PENDING

    assert await harness.container.image_analysis().retry_failed() == 1
    for image in (locked_out, broke):
        await harness.attempt(image)

    assert await harness.suggestion_text(locked_out) == "A."
    assert (await harness.caption_row(broke)).error == "budget_exhausted"
    assert await harness.container.image_analysis().retry_failed() == 1
    assert (await harness.caption_row(broke)).next_attempt_at == harness.clock.now()


async def test_declined_image_is_paid_once_and_states_reason(make_harness: Any) -> None:
    harness: CaptionHarness = make_harness(CaptionDraft(usage=TokenUsage(1_000, 100), declined=True))
    ada, bob = await harness.sign_up("ada"), await harness.sign_up("bob")
    mine, theirs = await harness.services.upload(ada), await harness.services.upload(bob)

    await harness.attempt(mine)
    await harness.attempt(theirs)

    for image in (mine, theirs):
        row = await harness.caption_row(image)
        assert (row.state, row.error) == (State.SKIPPED, "the model declined to describe this image")
    assert (harness.writer.calls, (await harness.spent_today()).usd) == (1, COST)
    assert await harness.container.image_analysis().retry_failed() == 0


async def test_unusable_answers_are_limited_to_three_attempts(make_harness: Any) -> None:
    harness: CaptionHarness = make_harness(UnusableDraft("no JSON", usage=TokenUsage(1_000, 100)))
    image = await harness.services.upload(await harness.sign_up("ada"))

    for _ in range(MAX_ATTEMPTS):
        await harness.attempt(image)
        harness.clock.advance(timedelta(minutes=1))

    assert ((await harness.caption_row(image)).state, harness.writer.calls) == (State.FAILED, 3)
    assert (await harness.spent_today()).usd == 3 * COST


async def test_lost_call_counts_estimate_and_is_retried(make_harness: Any) -> None:
    harness: CaptionHarness = make_harness(LostCall("no answer"), PaidCaptionWriter.draft("A."))
    image = await harness.services.upload(await harness.sign_up("ada"))

    await harness.attempt(image)
    harness.clock.advance(timedelta(minutes=1))
    await harness.attempt(image)

    assert await harness.suggestion_text(image) == "A."
    assert await harness.spent_today() == Spending(ESTIMATE + COST, Decimal(0), 2)


async def test_retry_waits_as_service_requests(make_harness: Any) -> None:
    harness: CaptionHarness = make_harness(Unavailable("busy (429)", retry_after=900), PaidCaptionWriter.draft("A."))
    image = await harness.services.upload(await harness.sign_up("ada"))

    await harness.attempt(image)

    row = await harness.caption_row(image)
    assert (row.state, row.attempts, row.error) == (State.PENDING, 1, "busy: busy (429)")
    assert row.next_attempt_at == harness.clock.now() + timedelta(seconds=900)
    assert (await harness.spent_today()).usd == 0


async def test_requested_wait_is_limited(make_harness: Any) -> None:
    harness: CaptionHarness = make_harness(Unavailable("busy (429)", retry_after=1e12))
    image = await harness.services.upload(await harness.sign_up("ada"))

    await harness.attempt(image)

    assert (await harness.caption_row(image)).next_attempt_at == harness.clock.now() + timedelta(days=1)


async def test_refused_image_fails_without_cost(make_harness: Any) -> None:
    harness: CaptionHarness = make_harness(ImageRefused("not taken (400)"))
    image = await harness.services.upload(await harness.sign_up("ada"))

    await harness.attempt(image)

    assert (await harness.caption_row(image)).state is State.FAILED
    assert (await harness.spent_today()).usd == 0


async def test_reservation_of_dead_worker_counts_and_job_is_retried(make_harness: Any) -> None:
    harness: CaptionHarness = make_harness()
    image = await harness.services.upload(await harness.sign_up("ada"))
    harness.writer.gate.clear()
    dying = asyncio.create_task(harness.attempt(image))
    await harness.writer.started.wait()
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    harness.writer.gate.set()

    harness.clock.advance(LEASE)
    await harness.attempt(image)

    assert await harness.suggestion_text(image) == "paid draft 2"
    assert await harness.spent_today() == Spending(ESTIMATE + COST, Decimal(0), 2)


async def test_answers_for_deleted_images_are_deleted(make_harness: Any) -> None:
    harness: CaptionHarness = make_harness()
    ada = await harness.sign_up("ada")
    image = await harness.services.upload(ada)
    await harness.attempt(image)
    assert await harness.container.captioning().delete_unreferenced() == 0

    await harness.container.uploading().delete(image.id, ada)

    assert await harness.container.captioning().delete_unreferenced() == 1
    assert (await harness.spent_today()).calls == 1


async def test_different_bytes_are_different_images(make_harness: Any) -> None:
    harness: CaptionHarness = make_harness()
    ada = await harness.sign_up("ada")
    images = [await harness.container.uploading().upload(ada, a_jpeg(seed=seed)) for seed in (1, 2)]

    for image in images:
        await harness.attempt(image)

    assert harness.writer.calls == 2
