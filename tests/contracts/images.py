"""Images: what `Images` writes."""

from asyncio import gather
from dataclasses import replace

import pytest

from domain.captions import AltText, SaidTags, Source, Suggestion
from domain.ids import ImageId, PostId
from domain.posts import Post
from domain.understanding import Task
from domain.users import User, UserNotFound
from domain.vision import Label
from tests.contracts.world import World

LABELS = (
    Label("n02099601", "golden retriever", 207, 0.75, ("animal", "dog")),
    Label("tag:dog", "dog", None, 0.125, ("animal",)),
)


async def attached(world: World, owner: User, *image_ids: ImageId) -> Post | None:
    """A new post of these images, or None when they cannot be had."""
    post = Post(PostId(world.id()), owner.id, "", image_ids, world.now())
    async with world.storage.begin() as uow:
        await uow.posts.add(post)
        if not await uow.images.attach(image_ids, owner.id, post.id):
            return None
        await uow.commit()
    return post


class ImagesContract:
    async def test_an_image_comes_back_as_it_was_stored(self, world: World) -> None:
        ada = await world.user("ada")
        image = await world.image(ada)

        assert await world.storage.gallery.image(image.id, ada.id) == image
        async with world.storage.begin() as uow:
            assert await uow.images.get(image.id) == image
            assert await uow.images.get(ImageId(world.id())) is None

    async def test_nobody_stores_images_who_has_just_gone(self, world: World) -> None:
        with pytest.raises(UserNotFound):
            await world.image(world.a_user("ada"))

    async def test_alt_text_and_suggestion_are_stored_together(self, world: World) -> None:
        ada = await world.user("ada")
        image = await world.image(ada)
        told = replace(
            image,
            alt_text=AltText("a dog", Source.EDITED, "labels@1"),
            suggestion=Suggestion("a cat", Source.LABELS, "labels@1", "en/1"),
            said=SaidTags(("cat", "sofa"), "gpt@1", "en/2"),
        )

        for state in (told, replace(told, suggestion=None), replace(told, said=SaidTags((), "gpt@1")), image):
            async with world.storage.begin() as uow:
                await uow.images.describe(state)
                await uow.commit()
            assert await world.storage.gallery.image(image.id, ada.id) == state

    async def test_describing_writes_nothing_else(self, world: World) -> None:
        ada = await world.user("ada")
        image = await world.image(ada)

        async with world.storage.begin() as uow:
            await uow.images.label(image.id, LABELS)
            await uow.images.describe(replace(image, width=1, alt_text=AltText("a dog", Source.HUMAN)))
            await uow.commit()

        seen = await world.storage.gallery.image(image.id, ada.id)
        assert seen == replace(image, labels=LABELS, alt_text=AltText("a dog", Source.HUMAN))

    async def test_labels_are_replaced_and_keep_their_order(self, world: World) -> None:
        ada = await world.user("ada")
        image = await world.image(ada)

        for labels in (LABELS, LABELS[1:], LABELS[::-1], ()):
            async with world.storage.begin() as uow:
                await uow.images.label(image.id, labels)
                await uow.commit()
            seen = await world.storage.gallery.image(image.id, ada.id)
            assert seen is not None
            assert seen.labels == labels

    async def test_labels_of_an_absent_image_are_dropped(self, world: World) -> None:
        async with world.storage.begin() as uow:
            await uow.images.label(ImageId(world.id()), LABELS)
            await uow.commit()

    async def test_deleting_takes_the_understanding_along(self, world: World) -> None:
        ada = await world.user("ada")
        image = await world.image(ada)

        for _ in range(2):
            async with world.storage.begin() as uow:
                await uow.images.delete(image.id)
                await uow.commit()

        assert await world.storage.gallery.image(image.id, ada.id) is None
        async with world.storage.begin() as uow:
            assert await uow.understandings.get(image.id, Task.CAPTION) is None

    async def test_a_post_holds_its_images_in_the_given_order(self, world: World) -> None:
        ada = await world.user("ada")
        images = [await world.image(ada) for _ in range(4)]
        order = [images[index].id for index in (2, 0, 3, 1)]

        post = await attached(world, ada, *order)

        assert post is not None
        view = await world.storage.feeds.post(post.id, None)
        assert view is not None
        assert [image.id for image in view.images] == order
        assert view.post.image_ids == tuple(order)
        assert {image.post_id for image in view.images} == {post.id}

    async def test_what_is_not_ones_own_to_post_changes_nothing(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        mine, theirs = await world.image(ada), await world.image(bob)
        posted = (await world.post(ada)).image_ids[0]

        for other in (theirs.id, posted, ImageId(world.id())):
            assert await attached(world, ada, mine.id, other) is None
            async with world.storage.begin() as uow:
                assert not await uow.images.attach([mine.id, other], ada.id, PostId(world.id()))
                await uow.commit()
            assert await world.storage.gallery.image(mine.id, ada.id) == mine

        assert await attached(world, ada, mine.id) is not None

    async def test_an_image_that_many_posts_want_stands_in_one(self, world: World) -> None:
        ada = await world.user("ada")
        shared = await world.image(ada)
        others = [await world.image(ada) for _ in range(8)]

        # In both orders, so that two that want the same rows cannot wait for each other.
        wanted = [(image.id, shared.id) if index % 2 else (shared.id, image.id) for index, image in enumerate(others)]
        posts = await gather(*(attached(world, ada, *ids) for ids in wanted))

        won = [post for post in posts if post is not None]
        assert len(won) == 1
        assert (await world.standing(won[0])).image_ids == won[0].image_ids
        assert (await world.present(ada)).posts_count == 1

    async def test_old_images_in_no_post_go_the_oldest_first_but_no_avatar(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        oldest, avatar, posted, old = [await world.image(ada) for _ in range(4)]
        await world.post(ada, posted)
        async with world.storage.begin() as uow:
            await uow.users.save(replace(ada, avatar_image_id=avatar.id))
            await uow.commit()
        new = await world.image(bob)

        async with world.storage.begin() as uow:
            assert await uow.images.delete_unposted(new.created_at, 1) == 1
            await uow.commit()
        assert await world.storage.gallery.image(oldest.id, ada.id) is None
        async with world.storage.begin() as uow:
            assert await uow.images.delete_unposted(new.created_at, 10) == 1
            await uow.commit()

        left = [(ada, avatar), (ada, posted), (bob, new)]
        assert await world.storage.gallery.image(old.id, ada.id) is None
        assert all([await world.storage.gallery.image(image.id, owner.id) for owner, image in left])
