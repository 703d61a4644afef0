"""The page of known images, without scripts."""

import hashlib
import re
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from fastapi import FastAPI

from container import Container
from domain.ids import ImageId
from domain.roles import Role
from tests.entrypoints.web.page_client import PageClient, text_of

PAGE = "/moderation/blocklist"


@pytest.fixture
async def mia(app: FastAPI, container: Container) -> AsyncIterator[PageClient]:
    async with PageClient(app) as reader:
        await reader.sign_up("mia")
        await container.accounts().set_role("mia", Role.MODERATOR)
        yield reader


async def test_moderator_adds_and_deletes_hash(ada: PageClient, mia: PageClient) -> None:
    value = hashlib.sha256(b"known").hexdigest()
    assert "The list is empty" in text_of(await mia.read(PAGE))

    refused = await mia.submit(PAGE, PAGE, kind="sha256", value="x", reason="abuse", source="")
    assert refused.status_code == 422
    assert "64 hexadecimal digits" in text_of(refused.text)
    added = await mia.submit(PAGE, PAGE, kind="sha256", value=value, reason="abuse", source="a list")
    assert added.headers["location"] == PAGE

    shown = await mia.read(PAGE)
    assert value in shown
    assert "abuse" in text_of(shown)
    assert (await ada.get(PAGE)).status_code == 404
    (form,) = re.findall(rf'action="({PAGE}/[^"]+/delete)"', shown)
    assert (await mia.submit(PAGE, form)).headers["location"] == PAGE
    assert "The list is empty" in text_of(await mia.read(PAGE))


async def test_author_reads_why_image_is_not_shown(
    ada: PageClient, mia: PageClient, anonymous: PageClient, container: Container
) -> None:
    post = await ada.publish("look")
    image_id = re.findall(r'id="image-([0-9a-f-]+)"', await ada.read(post))[0]
    async with container.storage().begin() as uow:
        hashes = await uow.blocklist.hashes_of(ImageId(UUID(image_id)))
    assert hashes is not None
    await mia.submit(PAGE, PAGE, kind="sha256", value=hashes.sha256[0].value, reason="abuse", source="")
    await container.storage().queue.drain(container.job_handler().handle)

    shown = text_of(await ada.read(post))

    assert "This image is not shown" in shown
    assert "This post is hidden" in shown
    assert "The image is held back" in text_of(await ada.read("/decisions"))
    assert (await anonymous.get(post)).status_code == 404
    (group,) = re.findall(r'href="(/moderation/reports/[^"]+)"', await mia.read("/moderation"))
    assert "This image is not shown" in text_of(await mia.read(group))
