"""No image leaves the server without its owner's consent. The requests to a captioning service are counted."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal

import pytest

from adapters.openai.captions import OpenAiCaptionWriter
from container import Container
from domain.captions import CAPTIONS_DECLINED, Source
from domain.consent import CaptionChoice
from domain.errors import Invalid
from domain.ids import UserId
from domain.images import Image
from domain.ledger import Price
from domain.limits import Limits
from domain.posts import Visibility
from domain.understanding import State, Task
from domain.users import ProfileChanges
from tests.containers import memory_container, postgres_container
from tests.databases import empty_database
from tests.decoders import POOL
from tests.doubles import StoppedClock
from tests.fake_openai import KEY, FakeOpenAi, fake_openai
from tests.services.conftest import ServiceHarness

PRICES = {"gpt-4o-mini": Price(Decimal("0.15"), Decimal("0.60"))}

pytestmark = pytest.mark.parametrize("store", ["memory", pytest.param("postgres", marks=pytest.mark.postgres)])


@dataclass
class ConsentHarness:
    services: ServiceHarness
    openai: FakeOpenAi

    @property
    def container(self) -> Container:
        return self.services.container

    async def decide(self, user: UserId, choice: CaptionChoice, *, followers_only: bool = False) -> None:
        await self.container.consenting().decide(user, choice, followers_only=followers_only)

    async def analyse(self) -> int:
        """Run everything that is due, and return the number of requests to the service so far."""
        for _ in range(2):  # a caption from labels is due after the classification
            await self.container.image_analysis().sweep()
            await self.services.run_due_jobs()
        return len(self.openai.requests)

    async def publish(self, user: UserId, visibility: Visibility, seed: int = 0) -> Image:
        image = await self.services.upload(user, seed)
        await self.container.posting().publish(user, "", (image.id,), visibility)
        return image

    async def read(self, image: Image) -> Image:
        return await self.container.uploading().image(image.id, image.owner_id)

    async def source_of(self, image: Image) -> Source | None:
        suggestion = (await self.read(image)).suggestion
        return suggestion.source if suggestion else None


@pytest.fixture
def url(request: pytest.FixtureRequest, store: str) -> str | None:
    return request.getfixturevalue("database_url") if store == "postgres" else None


@pytest.fixture
async def consents(url: str | None) -> AsyncIterator[ConsentHarness]:
    clock, config = StoppedClock(), {"caption_prices": PRICES, "processor": "vips"}
    async with fake_openai() as openai:
        writer = OpenAiCaptionWriter(KEY, openai.url, "gpt-4o-mini", Limits(), POOL)
        if url is None:
            container = memory_container(config=config, captions=writer, clock=clock)
            yield ConsentHarness(ServiceHarness(container, clock), openai)
            return
        await empty_database(url)
        container = postgres_container(url, config=config, captions=writer, clock=clock)
        yield ConsentHarness(ServiceHarness(container, clock), openai)
        await container.database().close()


async def test_nothing_is_sent_before_an_answer(consents: ConsentHarness) -> None:
    ada = await consents.services.sign_up("ada")
    image = await consents.publish(ada, Visibility.PUBLIC)

    assert await consents.analyse() == 0
    assert await consents.source_of(image) is Source.LABELS


@pytest.mark.parametrize("choice", [CaptionChoice.OFFLINE, CaptionChoice.NONE])
async def test_nothing_is_sent_after_a_refusal(consents: ConsentHarness, choice: CaptionChoice) -> None:
    ada = await consents.services.sign_up("ada")
    await consents.decide(ada, choice, followers_only=True)
    image = await consents.publish(ada, Visibility.PUBLIC)

    assert await consents.analyse() == 0
    await consents.container.image_analysis().request_again(image.id, ada, Task.CAPTION)
    assert await consents.analyse() == 0
    row = (await consents.read(image)).understanding[Task.CAPTION]
    if choice is CaptionChoice.NONE:
        assert (row.state, row.error) == (State.SKIPPED, CAPTIONS_DECLINED)


async def test_one_users_consent_is_not_anothers(consents: ConsentHarness) -> None:
    ada, bob = await consents.services.sign_up("ada"), await consents.services.sign_up("bob")
    await consents.decide(ada, CaptionChoice.SERVICE)
    await consents.publish(bob, Visibility.PUBLIC, seed=2)
    assert await consents.analyse() == 0

    await consents.publish(ada, Visibility.PUBLIC, seed=1)
    assert await consents.analyse() == 1


async def test_images_for_followers_need_their_own_consent(consents: ConsentHarness) -> None:
    ada = await consents.services.sign_up("ada")
    await consents.decide(ada, CaptionChoice.SERVICE)
    image = await consents.publish(ada, Visibility.FOLLOWERS)
    assert await consents.analyse() == 0
    assert await consents.source_of(image) is Source.LABELS

    await consents.decide(ada, CaptionChoice.SERVICE, followers_only=True)
    assert await consents.analyse() == 1
    assert await consents.source_of(image) is Source.MODEL


async def test_unposted_image_of_account_with_limited_posts_is_not_sent(consents: ConsentHarness) -> None:
    ada, bob = await consents.services.sign_up("ada"), await consents.services.sign_up("bob")
    await consents.container.accounts().edit_profile(ada, ProfileChanges(default_visibility=Visibility.FOLLOWERS))
    await consents.container.accounts().edit_profile(bob, ProfileChanges(private=True))
    for user in (ada, bob):
        await consents.decide(user, CaptionChoice.SERVICE)
        await consents.services.upload(user)

    assert await consents.analyse() == 0


async def test_consent_applies_to_old_images(consents: ConsentHarness) -> None:
    ada = await consents.services.sign_up("ada")
    drafted = await consents.publish(ada, Visibility.PUBLIC, seed=1)
    assert await consents.analyse() == 0
    await consents.decide(ada, CaptionChoice.NONE)
    declined = await consents.publish(ada, Visibility.PUBLIC, seed=2)
    assert await consents.analyse() == 0

    await consents.decide(ada, CaptionChoice.SERVICE)

    assert await consents.analyse() == 2
    assert [await consents.source_of(image) for image in (drafted, declined)] == [Source.MODEL, Source.MODEL]


async def test_withdrawn_consent_stops_waiting_images(consents: ConsentHarness) -> None:
    ada = await consents.services.sign_up("ada")
    await consents.decide(ada, CaptionChoice.SERVICE)
    await consents.services.upload(ada)
    await consents.decide(ada, CaptionChoice.OFFLINE)

    assert await consents.analyse() == 0


async def test_choice_that_the_operator_does_not_offer_is_refused(store: str) -> None:
    container = memory_container()
    ada = await ServiceHarness(container, StoppedClock()).sign_up("ada")

    with pytest.raises(Invalid, match="none, offline"):
        await container.consenting().decide(ada, CaptionChoice.SERVICE, followers_only=False)
    assert (await container.consenting().get(ada)).decided_at is None
