"""A hash that is listed during an upload is compared with the upload, although neither sees the other."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from container import Container
from domain.blobs import BlobKey
from domain.blocklist import HashKind, ImageHashes, NewEntry
from domain.ids import ImageId
from domain.pages import PageRequest
from domain.roles import Moderator, Role
from domain.users import SignUp
from tests.containers import postgres_container
from tests.databases import empty_database
from tests.sample_images import a_jpeg

pytestmark = pytest.mark.postgres

_WAIT_FOR_LOCK = """
do $$ begin
  while not exists (select from pg_locks where locktype = 'advisory' and not granted) loop
    perform pg_sleep(0.01);
  end loop;
end $$
"""
"""Waits until another connection waits for an advisory lock. The time limit of statements ends it."""


@pytest.fixture
async def container(database_url: str) -> AsyncIterator[Container]:
    await empty_database(database_url)
    container = postgres_container(database_url)
    yield container
    await container.database().close()


async def test_hash_listed_between_lookup_and_commit_matches(container: Container) -> None:
    ada = (await container.accounts().sign_up(SignUp("ada", "ada@example.org", "correct horse"))).user.id
    mia = (await container.accounts().sign_up(SignUp("mia", "mia@example.org", "correct horse"))).user.id
    known = BlobKey.of(b"known")
    stored = await container.uploading().upload(ada, a_jpeg())
    image_id = ImageId(container.ids().new())
    rows = {task: replace(row, image_id=image_id) for task, row in stored.understanding.items()}
    image = replace(stored, id=image_id, original=known, understanding=rows)
    async with container.storage().begin() as upload:
        await upload.images.add(image)
        screened = await container.image_screening().screen_upload(upload, image, ImageHashes((known,), None, None))
        assert not screened.quarantined

        entry = NewEntry(HashKind.SHA256, known.value, "abuse", "")
        assert await container.blocklisting().add(Moderator(mia, "mia", Role.MODERATOR), [entry]) == 1
        comparison = asyncio.create_task(container.image_screening().apply_blocklist())
        async with container.database().connection() as connection:
            await connection.execute(_WAIT_FOR_LOCK)
        assert not comparison.done()
        await upload.commit()

    assert await comparison == 1
    assert (await container.uploading().image(image.id, ada)).quarantined
    (listed,) = (await container.blocklisting().entries(PageRequest())).items
    assert listed.applied
