"""Images as people may see them."""

from dataclasses import replace

from domain.blobs import BlobKey
from domain.ids import ImageId, UserId
from domain.images import Image, ImageFile, Size
from domain.users import User
from tests.contracts.paging import ALL, assert_pages
from tests.contracts.world import World


async def wear(world: World, user: User, image: Image) -> None:
    async with world.storage.begin() as uow:
        await uow.users.save(replace(user, avatar_image_id=image.id))
        await uow.commit()


async def is_public(world: World, image_id: ImageId) -> bool:
    """Whether everybody gets all sizes of it."""
    files = [await world.storage.gallery.file(image_id, size, None) for size in Size]
    assert all(file is None or file.public for file in files)
    return all(files)


class GalleryContract:
    async def test_an_unposted_image_is_its_owners_alone(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        image = await world.image(ada)

        assert await world.storage.gallery.image(image.id, ada.id) == image
        assert await world.storage.gallery.image(image.id, bob.id) is None
        assert await world.storage.gallery.image(image.id, None) is None
        assert not await is_public(world, image.id)

    async def test_a_posted_image_is_everybodys(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        image = await world.image(ada)
        post = await world.post(ada, image)
        posted = replace(image, post_id=post.id)

        assert await world.storage.gallery.image(image.id, ada.id) == posted
        for viewer in (bob.id, None):
            assert await world.storage.gallery.image(image.id, viewer) == posted.visible_to(viewer)
        assert await is_public(world, image.id)

    async def test_an_image_in_a_post_for_followers_is_the_authors(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        post = await world.post(ada, private=True)
        image_id = post.image_ids[0]

        assert await world.storage.gallery.image(image_id, ada.id) is not None
        assert [await world.storage.gallery.image(image_id, viewer) for viewer in (bob.id, None)] == [None, None]
        assert not await is_public(world, image_id)

    async def test_an_avatar_is_everybodys_as_long_as_it_is_one(self, world: World) -> None:
        ada = await world.user("ada")
        image = await world.image(ada)

        await wear(world, ada, image)
        assert await world.storage.gallery.image(image.id, None) == image.visible_to(None)
        assert await is_public(world, image.id)

        await wear(world, ada, replace(image, id=(await world.image(ada)).id))
        assert await world.storage.gallery.image(image.id, None) is None
        assert not await is_public(world, image.id)

    async def test_a_private_accounts_avatar_is_everybodys_in_small(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        image = await world.image(ada)
        await wear(world, ada, image)
        async with world.storage.begin() as uow:
            await uow.users.set_private(ada.id, world.now(), private=True)
            await uow.commit()

        for viewer in (bob.id, None):
            assert await world.storage.gallery.image(image.id, viewer) is None
            for size in (Size.THUMB, Size.MEDIUM):
                assert await world.storage.gallery.file(image.id, size, viewer) == ImageFile(
                    image.renditions[size], public=True
                )
            assert await world.storage.gallery.file(image.id, Size.LARGE, viewer) is None
        assert await world.storage.gallery.file(image.id, Size.LARGE, ada.id) == ImageFile(
            image.renditions[Size.LARGE], public=False
        )

    async def test_what_is_absent_is_nobodys(self, world: World) -> None:
        ada = await world.user("ada")
        post = await world.post(ada)
        await world.delete_post(post)

        for image_id in (post.image_ids[0], ImageId(world.id())):
            assert await world.storage.gallery.image(image_id, ada.id) is None
            assert not await is_public(world, image_id)

    async def test_ones_uploads_are_listed_newest_first(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        images = [await world.image(ada) for _ in range(5)]
        await world.image(bob)
        post = await world.post(ada, images[1])
        images[1] = replace(images[1], post_id=post.id)

        await assert_pages(lambda page: world.storage.gallery.of_owner(ada.id, page), images[::-1])
        assert (await world.storage.gallery.of_owner(UserId(world.id()), ALL)).items == ()

    async def test_the_same_bytes_are_found_oldest_first(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        twice = [await world.image(ada, b"same"), await world.image(ada, b"same")]
        await world.image(ada, b"other")
        theirs = await world.image(bob, b"same")

        assert list(await world.storage.gallery.with_original(ada.id, BlobKey.of(b"same"))) == twice
        assert list(await world.storage.gallery.with_original(bob.id, BlobKey.of(b"same"))) == [theirs]
        assert list(await world.storage.gallery.with_original(bob.id, BlobKey.of(b"other"))) == []
