"""Posts with similar pictures: what `Embeddings` keeps and `Lookalikes` finds."""

import math

import pytest

from domain.ids import ImageId, UserId
from domain.images import Image
from domain.posts import Post
from domain.understanding import Task
from domain.vision import EMBEDDING_SIZE, Embedding
from tests.contracts.world import World

MODEL = "mobilenet_v2@1"


def towards(degrees: float) -> Embedding:
    """An embedding that many degrees from the first: its cosine distance is 1 - cos."""
    angle = math.radians(degrees)
    return (math.cos(angle), math.sin(angle)) + (0.0,) * (EMBEDDING_SIZE - 2)


async def seen(world: World, image: Image, degrees: float, model: str = MODEL) -> None:
    async with world.storage.begin() as uow:
        await uow.embeddings.save(image.id, model, towards(degrees))
        await uow.commit()


async def posted(world: World, name: str, degrees: float, private: bool = False) -> Post:
    """A post by a person of that name, of one picture that looks so."""
    author = await world.user(name)
    image = await world.image(author)
    await seen(world, image, degrees)
    return await world.post(author, image, private=private)


class LookalikesContract:
    async def test_the_nearest_come_first_with_their_cosine_distance(self, world: World) -> None:
        posts = {degrees: await posted(world, f"at_{degrees}", degrees) for degrees in (60, 0, 20, 40)}
        found = (await world.storage.lookalikes.of_embedding(towards(0), MODEL, None, 3)).posts
        assert [one.view.post.id for one in found] == [posts[degrees].id for degrees in (0, 20, 40)]
        assert [one.image_id for one in found] == [posts[degrees].image_ids[0] for degrees in (0, 20, 40)]
        expected = [1 - math.cos(math.radians(degrees)) for degrees in (0, 20, 40)]
        assert [one.distance for one in found] == pytest.approx(expected, abs=1e-3)

    async def test_length_does_not_matter(self, world: World) -> None:
        post = await posted(world, "ada", 10)
        longer = tuple(7 * value for value in towards(10))
        [found] = (await world.storage.lookalikes.of_embedding(longer, MODEL, None, 5)).posts
        assert found.view.post.id == post.id
        assert found.distance == pytest.approx(0, abs=1e-3)

    async def test_an_images_own_post_is_left_out(self, world: World) -> None:
        ada = await world.user("ada")
        images = [await world.image(ada) for _ in range(2)]
        for image in images:
            await seen(world, image, 0)
        await world.post(ada, *images)
        other = await posted(world, "bob", 5)
        found = (await world.storage.lookalikes.of_image(images[0].id, None, 5)).posts
        assert [one.view.post.id for one in found] == [other.id]

    async def test_an_image_that_is_not_posted_has_lookalikes_too(self, world: World) -> None:
        ada = await world.user("ada")
        image = await world.image(ada)
        await seen(world, image, 0)
        other = await posted(world, "bob", 5)
        found = (await world.storage.lookalikes.of_image(image.id, ada.id, 5)).posts
        assert [one.view.post.id for one in found] == [other.id]

    async def test_a_post_stands_once_with_its_nearest_picture(self, world: World) -> None:
        ada = await world.user("ada")
        images = [await world.image(ada) for _ in range(3)]
        for image, degrees in zip(images, (50, 10, 30), strict=True):
            await seen(world, image, degrees)
        post = await world.post(ada, *images)
        [found] = (await world.storage.lookalikes.of_embedding(towards(0), MODEL, None, 5)).posts
        assert (found.view.post.id, found.image_id) == (post.id, images[1].id)

    async def test_only_what_the_viewer_may_see_is_found(self, world: World) -> None:
        hidden = await posted(world, "ada", 0, private=True)
        unposted = await world.image(await world.user("bob"))
        await seen(world, unposted, 0)
        shown = await posted(world, "cay", 30)
        for viewer, expected in ((None, [shown.id]), (hidden.author_id, [hidden.id, shown.id])):
            found = (await world.storage.lookalikes.of_embedding(towards(0), MODEL, viewer, 5)).posts
            assert [one.view.post.id for one in found] == expected

    async def test_only_one_models_eyes_are_compared(self, world: World) -> None:
        post = await posted(world, "ada", 0)
        image = await world.image(await world.user("bob"))
        await seen(world, image, 0, model="mobilenet_v2@2")
        assert (await world.storage.lookalikes.of_embedding(towards(0), "mobilenet_v2@2", None, 5)).posts == []
        assert list((await world.storage.lookalikes.of_image(image.id, image.owner_id, 5)).posts) == []
        await seen(world, image, 0)
        [found] = (await world.storage.lookalikes.of_image(image.id, image.owner_id, 5)).posts
        assert found.view.post.id == post.id

    async def test_without_an_embedding_there_are_none(self, world: World) -> None:
        await posted(world, "ada", 0)
        image = await world.image(await world.user("bob"))
        assert list((await world.storage.lookalikes.of_image(image.id, image.owner_id, 5)).posts) == []

    async def test_what_is_gone_is_not_found_and_is_no_error(self, world: World) -> None:
        post = await posted(world, "ada", 0)
        ada, image_id = await world.user("bob"), post.image_ids[0]
        await world.delete_post(post)
        assert list((await world.storage.lookalikes.of_embedding(towards(0), MODEL, ada.id, 5)).posts) == []
        async with world.storage.begin() as uow:
            await uow.embeddings.save(image_id, MODEL, towards(0))
            await uow.commit()
        assert list((await world.storage.lookalikes.of_image(image_id, ada.id, 5)).posts) == []

    async def test_images_that_the_model_has_not_classified_are_pending(self, world: World) -> None:
        ada = await world.user("ada")
        posts = [await posted(world, f"at_{degrees}", degrees) for degrees in (0, 10, 20)]
        hidden = await posted(world, "dan", 0, private=True)
        await world.image(ada)  # in no post: it could not be found in any case

        async def pending(viewer: UserId | None, model: str = MODEL) -> int:
            return (await world.storage.lookalikes.of_embedding(towards(0), model, viewer, 5)).pending

        assert await pending(None) == 3
        assert await pending(hidden.author_id) == 4, "only what the viewer may see is counted"
        await classified(world, posts[0].image_ids[0], MODEL)
        await classified(world, posts[1].image_ids[0], "mobilenet_v2@2")
        assert await pending(None) == 2
        assert await pending(None, "mobilenet_v2@2") == 2
        assert (await world.storage.lookalikes.of_image(posts[0].image_ids[0], None, 5)).pending == 2
        unseen = await world.post(ada, await world.image(ada))
        assert (await world.storage.lookalikes.of_image(unseen.image_ids[0], None, 5)).pending == 2, (
            "those that are open"
        )

        await failed(world, posts[2].image_ids[0])
        assert await pending(None) == 2, "what failed is not pending"


async def classified(world: World, image_id: ImageId, model: str) -> None:
    async with world.storage.begin() as uow:
        row = await uow.understandings.get(image_id, Task.CLASSIFICATION)
        assert row is not None
        await uow.understandings.save(row.done(model))
        await uow.commit()


async def failed(world: World, image_id: ImageId) -> None:
    async with world.storage.begin() as uow:
        row = await uow.understandings.get(image_id, Task.CLASSIFICATION)
        assert row is not None
        await uow.understandings.save(row.failed("broken"))
        await uow.commit()
