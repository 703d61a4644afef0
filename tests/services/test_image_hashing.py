"""PDQ hashes of images are computed when a list needs them."""

from datetime import timedelta

from adapters.memory.clock import MemoryClock
from container import Container
from domain.blocklist import HashKind, ImageHashes, NewEntry
from domain.ids import ImageId
from domain.images import Image
from domain.pages import PageRequest
from domain.roles import Moderator, Role
from domain.users import SignUp
from domain.vision.pdq import format_pdq
from tests.containers import container_for
from tests.sample_images import a_jpeg


async def sign_up(container: Container) -> Moderator:
    ada = (await container.accounts().sign_up(SignUp("ada", "ada@example.org", "correct horse battery"))).user
    return Moderator(ada.id, "ada", Role.MODERATOR)


async def upload(container: Container, ada: Moderator, seed: int = 3) -> Image:
    return await container.uploading().upload(ada.id, a_jpeg(seed=seed))


async def stored_hashes(container: Container, image_id: ImageId) -> ImageHashes:
    async with container.storage().begin() as uow:
        hashes = await uow.blocklist.hashes_of(image_id)
    assert hashes is not None
    return hashes


async def list_pdq(container: Container, ada: Moderator, value: str) -> None:
    assert await container.blocklisting().add(ada, [NewEntry(HashKind.PDQ, value, "abuse")]) == 1
    await container.storage().queue.drain(container.job_handler().handle)


async def is_quarantined(container: Container, image: Image, ada: Moderator) -> bool:
    found = await container.storage().image_reader.by_id(image.id, ada.id)
    assert found is not None
    return found.quarantined


async def test_images_are_hashed_only_while_pdq_hashes_are_listed(either_store: str | None) -> None:
    async with container_for(either_store) as container:
        ada = await sign_up(container)
        await container.blocklisting().add(ada, [NewEntry(HashKind.SHA256, "0" * 64, "abuse")])
        before = await upload(container, ada)
        assert await container.image_hashing().catch_up(lambda: False) == 0
        assert (await stored_hashes(container, before.id)).pdqs is None

        await list_pdq(container, ada, "0" * 64)
        after = await upload(container, ada, seed=4)

        assert (await stored_hashes(container, after.id)).pdqs
        assert await container.image_hashing().catch_up(lambda: False) == 1
        assert (await stored_hashes(container, before.id)).pdqs


async def test_old_image_is_hashed_and_quarantined(either_store: str | None) -> None:
    async with container_for(either_store) as container:
        ada = await sign_up(container)
        old = await upload(container, ada)
        pdq = (await container.image_hashing().hashes_of(old.id)).pdq
        assert pdq is not None
        await list_pdq(container, ada, format_pdq(pdq))
        assert not await is_quarantined(container, old, ada)

        assert await container.image_hashing().catch_up(lambda: True) == 0
        assert await container.image_hashing().catch_up(lambda: False) == 1

        assert await is_quarantined(container, old, ada)
        assert await container.image_hashing().catch_up(lambda: False) == 0


async def test_all_images_are_searched_again_after_an_hour(either_store: str | None) -> None:
    async with container_for(either_store) as container:
        ada = await sign_up(container)
        await list_pdq(container, ada, "0" * 64)
        assert await container.image_hashing().catch_up(lambda: False) == 0
        (entry,) = (await container.blocklisting().entries(PageRequest())).items
        await container.blocklisting().delete(ada, entry.id)
        await upload(container, ada)
        await list_pdq(container, ada, "1" * 64)

        assert await container.image_hashing().catch_up(lambda: False) == 0
        clock = container.clock()
        assert isinstance(clock, MemoryClock)
        clock.advance(timedelta(hours=1))
        assert await container.image_hashing().catch_up(lambda: False) == 1
