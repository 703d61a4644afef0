"""What a transaction promises."""

from asyncio import gather
from contextlib import suppress
from dataclasses import replace

import pytest

from domain.comments import Comment
from domain.ids import CommentId
from domain.jobs import Job
from domain.understanding import Task
from domain.users import UsernameTaken
from tests.contracts.world import NO_LIMIT, World


class UnitOfWorkContract:
    async def test_what_was_committed_stands(self, world: World) -> None:
        ada = world.a_user("ada")

        async with world.storage.begin() as uow:
            await uow.users.add(ada, world.now())
            await uow.commit()

        assert await world.present(ada) == ada

    async def test_what_was_not_committed_never_was(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        post = await world.post(ada)
        image = world.an_image(ada)

        async with world.storage.begin() as uow:
            await uow.users.save(replace(ada, bio="changed"))
            await uow.comments.add(Comment(CommentId(world.id()), post.id, bob.id, "hm", world.now()))
            await uow.follows.add(bob.id, ada.id, world.now(), NO_LIMIT)
            await uow.images.add(image)
            await uow.users.add(world.a_user("eve"), world.now())

        assert (await world.present(ada)).bio == ""
        assert (await world.present(ada)).followers_count == 0
        assert (await world.present(bob)).following_count == 0
        assert (await world.standing(post)).comment_count == 0
        assert await world.storage.gallery.image(image.id, ada.id) is None
        assert await world.storage.people.by_username("eve", None) is None
        assert list(await world.storage.counters.verify()) == []

    async def test_an_error_rolls_back_and_goes_on(self, world: World) -> None:
        ada = world.a_user("ada")

        async def go_wrong() -> None:
            async with world.storage.begin() as uow:
                await uow.users.add(ada, world.now())
                raise LookupError("elsewhere")

        with pytest.raises(LookupError, match="elsewhere"):
            await go_wrong()

        assert await world.storage.people.by_username("ada", None) is None

    async def test_a_deletion_is_rolled_back_whole(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        post = await world.post(ada)
        await world.like(post, bob)
        await world.comment(post, bob)

        async with world.storage.begin() as uow:
            await uow.posts.delete(post.id)
            await uow.users.delete(bob.id, world.now())

        standing = await world.standing(post)
        assert (standing.like_count, standing.comment_count) == (1, 1)
        assert standing.image_ids == post.image_ids
        assert (await world.present(ada)).posts_count == 1
        assert await world.present(bob) is not None

    async def test_nobody_sees_what_is_not_committed_yet(self, world: World) -> None:
        ada = world.a_user("ada")

        async with world.storage.begin() as uow:
            await uow.users.add(ada, world.now())
            assert await world.storage.people.by_username("ada", None) is None
            assert await uow.users.get(ada.id) == ada
            await uow.commit()
            assert await world.storage.people.by_username("ada", None) is not None

    async def test_two_stand_open_at_once(self, world: World) -> None:
        ada = world.a_user("ada")

        async with world.storage.begin() as first, world.storage.begin():
            await first.users.add(ada, world.now())
            await first.commit()

        assert await world.present(ada) == ada

    async def test_a_refused_name_takes_the_rest_with_it(self, world: World) -> None:
        await world.user("ada")

        async with world.storage.begin() as uow:
            await uow.users.add(world.a_user("bob"), world.now())
            with pytest.raises(UsernameTaken):
                await uow.users.add(world.a_user("ada", email="other@example.org"), world.now())
            with suppress(Exception):
                await uow.commit()

        assert await world.storage.people.by_username("bob", None) is None

    async def test_a_row_that_was_fetched_stays_as_it_is_until_the_block_ends(self, world: World) -> None:
        ada = await world.user("ada")
        image = await world.image(ada)
        rounds = 10

        async def one_more() -> None:
            async with world.storage.begin() as uow:
                row = await uow.understandings.get(image.id, Task.CAPTION)
                assert row is not None
                await uow.understandings.save(row.started(world.now()))
                await uow.commit()

        await gather(*(one_more() for _ in range(rounds)))

        seen = await world.storage.gallery.image(image.id, ada.id)
        assert seen is not None
        assert seen.understanding[Task.CAPTION].attempts == rounds

    async def test_jobs_may_be_written_first(self, world: World) -> None:
        """A queue that shares the connection must not write before the transaction has begun."""
        ada = await world.user("ada")
        image = await world.image(ada)

        async with world.storage.begin() as uow:
            await uow.jobs.enqueue(Job(Task.CAPTION, image.id))
            await uow.users.save(replace(ada, bio="changed"))
            await uow.commit()

        assert (await world.present(ada)).bio == "changed"
