"""The question whether a service may describe images, and the announcement of a model's words."""

from decimal import Decimal

import pytest

from container import Container
from domain.ledger import Price
from tests.containers import memory_container
from tests.doubles import PaidCaptionWriter
from tests.entrypoints.web.page_client import PageClient, run_due_tasks, text_of
from tests.sample_images import a_jpeg

QUESTION = "May a service describe your images?"


@pytest.fixture
def container() -> Container:
    prices = {"paid-1": Price(Decimal(1), Decimal(1))}
    return memory_container(captions=PaidCaptionWriter(), config={"caption_prices": prices})


async def test_first_upload_asks_until_there_is_an_answer(ada: PageClient) -> None:
    (image,) = await ada.upload(a_jpeg())
    page = f"/new?image={image}"
    said = text_of(await ada.read(page))
    assert QUESTION in said
    assert "captions.example" in said

    answer = await ada.submit(page, "/settings/captions", captions="offline", next=page)

    assert answer.headers["location"] == page
    assert QUESTION not in text_of(await ada.read(page))


async def test_answer_can_be_changed_in_the_settings(ada: PageClient, container: Container) -> None:
    for choice in ("service", "none"):
        answer = await ada.submit("/settings", "/settings/captions", captions=choice, followers_only="yes")
        assert answer.headers["location"] == "/settings?saved=captions"
        assert f'value="{choice}" required checked' in await ada.read("/settings")


@pytest.mark.parametrize("next_page", ["https://example.org/", "//example.org", ""])
async def test_answer_leads_to_this_site_only(ada: PageClient, next_page: str) -> None:
    answer = await ada.submit("/settings", "/settings/captions", captions="none", next=next_page)
    assert answer.headers["location"] == "/settings?saved=captions"


async def test_unknown_answer_is_refused(ada: PageClient) -> None:
    answer = await ada.submit("/settings", "/settings/captions", captions="all")
    assert answer.status_code == 422
    assert QUESTION in text_of(await ada.read("/new"))


async def test_server_without_service_does_not_ask() -> None:
    from entrypoints.asgi import create_app

    async with PageClient(create_app(memory_container())) as ada:
        await ada.sign_up("ada")
        assert QUESTION not in text_of(await ada.read("/new"))
        assert 'value="service"' not in await ada.read("/settings")


async def test_words_of_a_model_are_announced_and_never_filled_in(ada: PageClient, container: Container) -> None:
    await ada.submit("/settings", "/settings/captions", captions="service")
    path = await ada.publish()
    await run_due_tasks(container)
    page = await ada.read(path)
    assert '<q dir="auto">paid draft 1</q>' in page
    assert "paid draft 1</textarea>" not in page
    image = page.split('action="/pictures/')[1].split("/")[0]

    await ada.submit(path, f"/pictures/{image}/alt", do="accept", suggestion="paid draft 1")
    for listed in (path, "/", "/@ada", "/explore/newest"):
        assert 'alt="Described by a model: paid draft 1"' in await ada.read(listed)

    await ada.submit(path, f"/pictures/{image}/alt", do="save", alt="a dog")
    assert 'alt="a dog"' in await ada.read("/")


async def test_settings_separate_approval_from_visibility(ada: PageClient, bob: PageClient) -> None:
    fields = {"display_name": "Ada", "bio": "", "default_visibility": "followers", "follow_approval": "on"}
    assert (await ada.submit("/settings", "/settings/profile", **fields)).status_code == 303
    page = await ada.read("/settings")
    assert 'name="follow_approval" checked' in page
    assert 'name="default_visibility" value="followers" checked' in page
    assert 'name="visibility" value="followers" checked' in await ada.read("/new")
    assert "approves followers" in text_of(await bob.read("/@ada"))
