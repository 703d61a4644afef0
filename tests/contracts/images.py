"""The contract of `Images`: writes."""

from asyncio import gather
from dataclasses import replace

import pytest

from domain.captions import AltText, ModelTags, Source, Suggestion
from domain.errors import NotFound
from domain.ids import ImageId, PostId
from domain.image_use import ImageInUse
from domain.images import ImageNotFound
from domain.posts import Post
from domain.understanding import Task
from domain.users import User, UserNotFound
from domain.vision import Label
from tests.contracts.harness import StorageHarness

LABELS = (
    Label("n02099601", "golden retriever", 207, 0.75, ("animal", "dog")),
    Label("tag:dog", "dog", None, 0.125, ("animal",)),
)


async def attach_images(harness: StorageHarness, owner: User, *image_ids: ImageId) -> Post | None:
    """A new post of these images; None if they are unavailable."""
    post = Post(PostId(harness.new_id()), owner.id, "", image_ids, harness.now())
    async with harness.storage.begin() as uow:
        await uow.posts.add(post)
        try:
            await uow.images.attach(image_ids, owner.id, post.id)
        except (NotFound, ImageInUse):
            return None
        await uow.commit()
    return post


class ImagesContract:
    async def test_stored_image_is_read_unchanged(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        image = await harness.add_image(ada)

        assert await harness.storage.image_reader.by_id(image.id, ada.id) == image
        async with harness.storage.begin() as uow:
            assert await uow.images.get(image.id) == image
            assert await uow.images.get(ImageId(harness.new_id())) is None

    async def test_deleted_user_cannot_store_image(self, harness: StorageHarness) -> None:
        with pytest.raises(UserNotFound):
            await harness.add_image(harness.new_user("ada"))

    async def test_alt_text_and_suggestion_are_stored(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        image = await harness.add_image(ada)
        described = replace(
            image,
            alt_text=AltText("a dog", Source.EDITED, "labels@1"),
            suggestion=Suggestion("a cat", Source.LABELS, "labels@1", "en/1"),
            model_tags=ModelTags(("cat", "sofa"), "gpt@1", "en/2"),
        )

        for state in (
            described,
            replace(described, suggestion=None),
            replace(described, model_tags=ModelTags((), "gpt@1")),
            image,
        ):
            async with harness.storage.begin() as uow:
                await uow.images.save_description(state)
                await uow.commit()
            assert await harness.storage.image_reader.by_id(image.id, ada.id) == state

    async def test_description_changes_no_other_fields(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        image = await harness.add_image(ada)

        async with harness.storage.begin() as uow:
            await uow.images.save_labels({image.id: LABELS})
            await uow.images.save_description(replace(image, width=1, alt_text=AltText("a dog", Source.HUMAN)))
            await uow.commit()

        seen = await harness.storage.image_reader.by_id(image.id, ada.id)
        assert seen == replace(image, labels=LABELS, alt_text=AltText("a dog", Source.HUMAN))

    async def test_labels_are_replaced_in_order(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        image = await harness.add_image(ada)

        for labels in (LABELS, LABELS[1:], LABELS[::-1], ()):
            async with harness.storage.begin() as uow:
                await uow.images.save_labels({image.id: labels})
                await uow.commit()
            seen = await harness.storage.image_reader.by_id(image.id, ada.id)
            assert seen is not None
            assert seen.labels == labels

    async def test_images_are_read_together(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        images = [await harness.add_image(owner) for owner in (ada, bob, ada)]
        post = await harness.add_post(bob)
        wanted = [*(image.id for image in reversed(images)), *post.image_ids, ImageId(harness.new_id())]

        async with harness.storage.begin() as uow:
            found = await uow.images.get_all(wanted)
            assert await uow.images.get_all([]) == {}

        assert [found[image.id] for image in images] == images
        assert found.keys() == {*wanted[:-1]}
        assert found[post.image_ids[0]].post_id == post.id

    async def test_labels_of_several_images_are_replaced_together(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        first, second, other = [await harness.add_image(ada) for _ in range(3)]

        for labels in ({first.id: LABELS, second.id: LABELS[1:], other.id: LABELS}, {first.id: (), second.id: LABELS}):
            async with harness.storage.begin() as uow:
                await uow.images.save_labels(labels)
                await uow.commit()

        async with harness.storage.begin() as uow:
            found = await uow.images.get_all([first.id, second.id, other.id])
        assert [found[image.id].labels for image in (first, second, other)] == [(), LABELS, LABELS]

    async def test_labels_of_missing_image_are_ignored(self, harness: StorageHarness) -> None:
        async with harness.storage.begin() as uow:
            await uow.images.save_labels({ImageId(harness.new_id()): LABELS})
            await uow.commit()

    async def test_deletion_removes_understanding(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        image = await harness.add_image(ada)

        async with harness.storage.begin() as uow:
            await uow.images.delete(image.id)
            await uow.commit()

        assert await harness.storage.image_reader.by_id(image.id, ada.id) is None
        async with harness.storage.begin() as uow:
            assert await uow.understandings.get(image.id, Task.CAPTION) is None
            with pytest.raises(ImageNotFound):
                await uow.images.delete(image.id)

    async def test_image_in_post_is_not_deleted(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        post = await harness.add_post(ada)

        async with harness.storage.begin() as uow:
            with pytest.raises(ImageInUse):
                await uow.images.delete(post.image_ids[0])
            await uow.commit()

        assert (await harness.read_post(post)).image_ids == post.image_ids

    async def test_concurrent_deletions_delete_image_once(self, harness: StorageHarness) -> None:
        image = await harness.add_image(await harness.add_user("ada"))

        async def delete() -> None:
            async with harness.storage.begin() as uow:
                await uow.images.delete(image.id)
                await uow.commit()

        outcomes = await gather(*(delete() for _ in range(4)), return_exceptions=True)

        assert [type(outcome) for outcome in outcomes if outcome] == [ImageNotFound] * 3

    async def test_images_have_one_owner(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        image = await harness.add_image(ada)

        async with harness.storage.begin() as uow:
            assert await uow.images.is_owned(image.id, ada.id)
            assert not await uow.images.is_owned(image.id, bob.id)
            assert not await uow.images.is_owned(ImageId(harness.new_id()), ada.id)

    async def test_images_of_post_keep_their_order(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        images = [await harness.add_image(ada) for _ in range(4)]
        order = [images[index].id for index in (2, 0, 3, 1)]

        post = await attach_images(harness, ada, *order)

        assert post is not None
        view = await harness.storage.post_reader.by_id(post.id, None)
        assert view is not None
        assert [image.id for image in view.images] == order
        assert view.post.image_ids == tuple(order)
        assert {image.post_id for image in view.images} == {post.id}

    async def test_unavailable_images_cannot_be_attached(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        mine, theirs = await harness.add_image(ada), await harness.add_image(bob)
        posted = (await harness.add_post(ada)).image_ids[0]

        for other, refusal in ((theirs.id, NotFound), (posted, ImageInUse), (ImageId(harness.new_id()), NotFound)):
            assert await attach_images(harness, ada, mine.id, other) is None
            async with harness.storage.begin() as uow:
                with pytest.raises(refusal):
                    await uow.images.attach([mine.id, other], ada.id, PostId(harness.new_id()))
                await uow.commit()
            assert await harness.storage.image_reader.by_id(mine.id, ada.id) == mine

        assert await attach_images(harness, ada, mine.id) is not None

    async def test_concurrent_posts_attach_image_once(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        shared = await harness.add_image(ada)
        others = [await harness.add_image(ada) for _ in range(8)]

        # In both orders, so that two that want the same rows cannot wait for each other.
        wanted = [(image.id, shared.id) if index % 2 else (shared.id, image.id) for index, image in enumerate(others)]
        posts = await gather(*(attach_images(harness, ada, *ids) for ids in wanted))

        won = [post for post in posts if post is not None]
        assert len(won) == 1
        assert (await harness.read_post(won[0])).image_ids == won[0].image_ids
        assert (await harness.read_user(ada)).posts_count == 1

    async def test_old_unposted_images_are_deleted_except_avatars(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        oldest, avatar, posted, old = [await harness.add_image(ada) for _ in range(4)]
        await harness.add_post(ada, posted)
        async with harness.storage.begin() as uow:
            await uow.users.save(replace(ada, avatar_image_id=avatar.id))
            await uow.commit()
        new = await harness.add_image(bob)

        async with harness.storage.begin() as uow:
            assert await uow.images.delete_unposted(new.created_at, 1) == 1
            await uow.commit()
        assert await harness.storage.image_reader.by_id(oldest.id, ada.id) is None
        async with harness.storage.begin() as uow:
            assert await uow.images.delete_unposted(new.created_at, 10) == 1
            await uow.commit()

        left = [(ada, avatar), (ada, posted), (bob, new)]
        assert await harness.storage.image_reader.by_id(old.id, ada.id) is None
        assert all([await harness.storage.image_reader.by_id(image.id, owner.id) for owner, image in left])
