"""The contracts of `Embeddings` and `SimilarPostReader`."""

import math

import pytest

from domain.ids import ImageId, UserId
from domain.images import Image
from domain.posts import Post
from domain.understanding import Task
from domain.vision import EMBEDDING_SIZE, Embedding
from tests.contracts.harness import StorageHarness

MODEL = "mobilenet_v2@1"


def embedding_at(degrees: float) -> Embedding:
    """An embedding at this angle in degrees from the first: its cosine distance is 1 - cos."""
    angle = math.radians(degrees)
    return (math.cos(angle), math.sin(angle)) + (0.0,) * (EMBEDDING_SIZE - 2)


async def save_embedding(harness: StorageHarness, image: Image, degrees: float, model: str = MODEL) -> None:
    async with harness.storage.begin() as uow:
        await uow.embeddings.save(model, {image.id: embedding_at(degrees)})
        await uow.commit()


async def add_post_at(harness: StorageHarness, name: str, degrees: float, private: bool = False) -> Post:
    """A post by the user of this name, with one image of this embedding."""
    author = await harness.add_user(name)
    image = await harness.add_image(author)
    await save_embedding(harness, image, degrees)
    return await harness.add_post(author, image, private=private)


class SimilarPostReaderContract:
    async def test_posts_are_sorted_by_cosine_distance(self, harness: StorageHarness) -> None:
        posts = {degrees: await add_post_at(harness, f"at_{degrees}", degrees) for degrees in (60, 0, 20, 40)}
        found = (await harness.storage.similar_post_reader.of_embedding(embedding_at(0), MODEL, None, 3)).posts
        assert [one.view.post.id for one in found] == [posts[degrees].id for degrees in (0, 20, 40)]
        assert [one.image_id for one in found] == [posts[degrees].image_ids[0] for degrees in (0, 20, 40)]
        expected = [1 - math.cos(math.radians(degrees)) for degrees in (0, 20, 40)]
        assert [one.distance for one in found] == pytest.approx(expected, abs=1e-3)

    async def test_length_of_embedding_does_not_matter(self, harness: StorageHarness) -> None:
        post = await add_post_at(harness, "ada", 10)
        longer = tuple(7 * value for value in embedding_at(10))
        [found] = (await harness.storage.similar_post_reader.of_embedding(longer, MODEL, None, 5)).posts
        assert found.view.post.id == post.id
        assert found.distance == pytest.approx(0, abs=1e-3)

    async def test_own_post_is_left_out(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        images = [await harness.add_image(ada) for _ in range(2)]
        for image in images:
            await save_embedding(harness, image, 0)
        await harness.add_post(ada, *images)
        other = await add_post_at(harness, "bob", 5)
        found = (await harness.storage.similar_post_reader.of_image(images[0].id, None, 5)).posts
        assert [one.view.post.id for one in found] == [other.id]

    async def test_unposted_image_has_similar_posts(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        image = await harness.add_image(ada)
        await save_embedding(harness, image, 0)
        other = await add_post_at(harness, "bob", 5)
        found = (await harness.storage.similar_post_reader.of_image(image.id, ada.id, 5)).posts
        assert [one.view.post.id for one in found] == [other.id]

    async def test_post_occurs_once_with_nearest_image(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        images = [await harness.add_image(ada) for _ in range(3)]
        for image, degrees in zip(images, (50, 10, 30), strict=True):
            await save_embedding(harness, image, degrees)
        post = await harness.add_post(ada, *images)
        [found] = (await harness.storage.similar_post_reader.of_embedding(embedding_at(0), MODEL, None, 5)).posts
        assert (found.view.post.id, found.image_id) == (post.id, images[1].id)

    async def test_only_visible_posts_are_found(self, harness: StorageHarness) -> None:
        hidden = await add_post_at(harness, "ada", 0, private=True)
        unposted = await harness.add_image(await harness.add_user("bob"))
        await save_embedding(harness, unposted, 0)
        shown = await add_post_at(harness, "cay", 30)
        for viewer, expected in ((None, [shown.id]), (hidden.author_id, [hidden.id, shown.id])):
            found = (await harness.storage.similar_post_reader.of_embedding(embedding_at(0), MODEL, viewer, 5)).posts
            assert [one.view.post.id for one in found] == expected

    async def test_only_embeddings_of_same_model_are_compared(self, harness: StorageHarness) -> None:
        post = await add_post_at(harness, "ada", 0)
        image = await harness.add_image(await harness.add_user("bob"))
        await save_embedding(harness, image, 0, model="mobilenet_v2@2")
        assert (
            await harness.storage.similar_post_reader.of_embedding(embedding_at(0), "mobilenet_v2@2", None, 5)
        ).posts == []
        assert list((await harness.storage.similar_post_reader.of_image(image.id, image.owner_id, 5)).posts) == []
        await save_embedding(harness, image, 0)
        [found] = (await harness.storage.similar_post_reader.of_image(image.id, image.owner_id, 5)).posts
        assert found.view.post.id == post.id

    async def test_image_without_embedding_has_no_similar_posts(self, harness: StorageHarness) -> None:
        await add_post_at(harness, "ada", 0)
        image = await harness.add_image(await harness.add_user("bob"))
        assert list((await harness.storage.similar_post_reader.of_image(image.id, image.owner_id, 5)).posts) == []

    async def test_deleted_images_are_not_found(self, harness: StorageHarness) -> None:
        post = await add_post_at(harness, "ada", 0)
        ada, image_id = await harness.add_user("bob"), post.image_ids[0]
        await harness.delete_post(post)
        assert (
            list((await harness.storage.similar_post_reader.of_embedding(embedding_at(0), MODEL, ada.id, 5)).posts)
            == []
        )
        async with harness.storage.begin() as uow:
            await uow.embeddings.save(MODEL, {image_id: embedding_at(0)})
            await uow.commit()
        assert list((await harness.storage.similar_post_reader.of_image(image_id, ada.id, 5)).posts) == []

    async def test_unclassified_images_are_pending(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        posts = [await add_post_at(harness, f"at_{degrees}", degrees) for degrees in (0, 10, 20)]
        hidden = await add_post_at(harness, "dan", 0, private=True)
        await harness.add_image(ada)  # in no post: it could not be found in any case

        async def pending(viewer: UserId | None, model: str = MODEL) -> int:
            return (await harness.storage.similar_post_reader.of_embedding(embedding_at(0), model, viewer, 5)).pending

        assert await pending(None) == 3
        assert await pending(hidden.author_id) == 4, "only what the viewer may see is counted"
        await mark_classified(harness, posts[0].image_ids[0], MODEL)
        await mark_classified(harness, posts[1].image_ids[0], "mobilenet_v2@2")
        assert await pending(None) == 2
        assert await pending(None, "mobilenet_v2@2") == 2
        assert (await harness.storage.similar_post_reader.of_image(posts[0].image_ids[0], None, 5)).pending == 2
        unseen = await harness.add_post(ada, await harness.add_image(ada))
        assert (await harness.storage.similar_post_reader.of_image(unseen.image_ids[0], None, 5)).pending == 2, (
            "those that are open"
        )

        await mark_failed(harness, posts[2].image_ids[0])
        assert await pending(None) == 2, "what failed is not pending"


async def mark_classified(harness: StorageHarness, image_id: ImageId, model: str) -> None:
    async with harness.storage.begin() as uow:
        row = await uow.understandings.get(image_id, Task.CLASSIFICATION)
        assert row is not None
        await uow.understandings.save(row.mark_done(model))
        await uow.commit()


async def mark_failed(harness: StorageHarness, image_id: ImageId) -> None:
    async with harness.storage.begin() as uow:
        row = await uow.understandings.get(image_id, Task.CLASSIFICATION)
        assert row is not None
        await uow.understandings.save(row.mark_failed("broken"))
        await uow.commit()
