"""The contract of `ImageReader`: the visibility of images."""

from dataclasses import replace

from domain.blobs import BlobKey
from domain.ids import ImageId, UserId
from domain.images import Image, ImageFile, Size
from domain.users import User
from tests.contracts.harness import StorageHarness
from tests.contracts.paging import ALL, assert_pages


async def set_avatar(harness: StorageHarness, user: User, image: Image) -> None:
    async with harness.storage.begin() as uow:
        await uow.users.save(replace(user, avatar_image_id=image.id))
        await uow.commit()


async def is_public(harness: StorageHarness, image_id: ImageId) -> bool:
    """Whether everyone may read all sizes of it."""
    files = [await harness.storage.image_reader.file(image_id, size, None) for size in Size]
    assert all(file is None or file.public for file in files)
    return all(files)


class ImageReaderContract:
    async def test_owner_alone_sees_unposted_image(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        image = await harness.add_image(ada)

        assert await harness.storage.image_reader.by_id(image.id, ada.id) == image
        assert await harness.storage.image_reader.by_id(image.id, bob.id) is None
        assert await harness.storage.image_reader.by_id(image.id, None) is None
        assert not await is_public(harness, image.id)

    async def test_everyone_sees_posted_image(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        image = await harness.add_image(ada)
        post = await harness.add_post(ada, image)
        posted = replace(image, post_id=post.id)

        assert await harness.storage.image_reader.by_id(image.id, ada.id) == posted
        for viewer in (bob.id, None):
            assert await harness.storage.image_reader.by_id(image.id, viewer) == posted.redact_for(viewer)
        assert await is_public(harness, image.id)

    async def test_author_sees_image_of_followers_only_post(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        post = await harness.add_post(ada, private=True)
        image_id = post.image_ids[0]

        assert await harness.storage.image_reader.by_id(image_id, ada.id) is not None
        assert [await harness.storage.image_reader.by_id(image_id, viewer) for viewer in (bob.id, None)] == [None, None]
        assert not await is_public(harness, image_id)

    async def test_everyone_sees_image_while_it_is_avatar(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        image = await harness.add_image(ada)

        await set_avatar(harness, ada, image)
        assert await harness.storage.image_reader.by_id(image.id, None) == image.redact_for(None)
        assert await is_public(harness, image.id)

        await set_avatar(harness, ada, replace(image, id=(await harness.add_image(ada)).id))
        assert await harness.storage.image_reader.by_id(image.id, None) is None
        assert not await is_public(harness, image.id)

    async def test_everyone_sees_small_avatar_of_private_account(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        image = await harness.add_image(ada)
        await set_avatar(harness, ada, image)
        async with harness.storage.begin() as uow:
            await uow.users.set_privacy(ada.id, harness.now(), private=True)
            await uow.commit()

        for viewer in (bob.id, None):
            assert await harness.storage.image_reader.by_id(image.id, viewer) is None
            for size in (Size.THUMB, Size.MEDIUM):
                assert await harness.storage.image_reader.file(image.id, size, viewer) == ImageFile(
                    image.renditions[size], public=True
                )
            assert await harness.storage.image_reader.file(image.id, Size.LARGE, viewer) is None
        assert await harness.storage.image_reader.file(image.id, Size.LARGE, ada.id) == ImageFile(
            image.renditions[Size.LARGE], public=False
        )

    async def test_missing_image_is_none(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        post = await harness.add_post(ada)
        await harness.delete_post(post)

        for image_id in (post.image_ids[0], ImageId(harness.new_id())):
            assert await harness.storage.image_reader.by_id(image_id, ada.id) is None
            assert not await is_public(harness, image_id)

    async def test_own_uploads_are_sorted_newest_first(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        images = [await harness.add_image(ada) for _ in range(5)]
        await harness.add_image(bob)
        post = await harness.add_post(ada, images[1])
        images[1] = replace(images[1], post_id=post.id)

        await assert_pages(lambda page: harness.storage.image_reader.of_owner(ada.id, page), images[::-1])
        assert (await harness.storage.image_reader.of_owner(UserId(harness.new_id()), ALL)).items == ()

    async def test_equal_images_are_sorted_oldest_first(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        twice = [await harness.add_image(ada, b"same"), await harness.add_image(ada, b"same")]
        await harness.add_image(ada, b"other")
        theirs = await harness.add_image(bob, b"same")

        assert list(await harness.storage.image_reader.by_original(ada.id, BlobKey.of(b"same"))) == twice
        assert list(await harness.storage.image_reader.by_original(bob.id, BlobKey.of(b"same"))) == [theirs]
        assert list(await harness.storage.image_reader.by_original(bob.id, BlobKey.of(b"other"))) == []
