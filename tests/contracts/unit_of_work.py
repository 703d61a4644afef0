"""The contract of transactions."""

from asyncio import gather
from contextlib import suppress
from dataclasses import replace

import pytest

from domain.comments import Comment
from domain.ids import CommentId
from domain.jobs import Job
from domain.understanding import Task
from domain.users import UsernameTaken
from tests.contracts.harness import NO_LIMIT, StorageHarness


class UnitOfWorkContract:
    async def test_commit_stores_changes(self, harness: StorageHarness) -> None:
        ada = harness.new_user("ada")

        async with harness.storage.begin() as uow:
            await uow.users.add(ada, harness.now())
            await uow.commit()

        assert await harness.read_user(ada) == ada

    async def test_uncommitted_changes_are_rolled_back(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        post = await harness.add_post(ada)
        image = harness.new_image(ada)

        async with harness.storage.begin() as uow:
            await uow.users.save(replace(ada, bio="changed"))
            await uow.comments.add(Comment(CommentId(harness.new_id()), post.id, bob.id, "hm", harness.now()))
            await uow.follows.add(bob.id, ada.id, harness.now(), NO_LIMIT)
            await uow.images.add(image)
            await uow.users.add(harness.new_user("eve"), harness.now())

        assert (await harness.read_user(ada)).bio == ""
        assert (await harness.read_user(ada)).followers_count == 0
        assert (await harness.read_user(bob)).following_count == 0
        assert (await harness.read_post(post)).comment_count == 0
        assert await harness.storage.image_reader.by_id(image.id, ada.id) is None
        assert await harness.storage.user_reader.by_username("eve", None) is None
        assert list(await harness.storage.counters.verify()) == []

    async def test_error_rolls_back_and_is_raised(self, harness: StorageHarness) -> None:
        ada = harness.new_user("ada")

        async def go_wrong() -> None:
            async with harness.storage.begin() as uow:
                await uow.users.add(ada, harness.now())
                raise LookupError("elsewhere")

        with pytest.raises(LookupError, match="elsewhere"):
            await go_wrong()

        assert await harness.storage.user_reader.by_username("ada", None) is None

    async def test_deletion_is_rolled_back_completely(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        post = await harness.add_post(ada)
        await harness.like(post, bob)
        await harness.add_comment(post, bob)

        async with harness.storage.begin() as uow:
            await uow.posts.delete(post.id)
            await uow.users.delete(bob.id, harness.now())

        standing = await harness.read_post(post)
        assert (standing.like_count, standing.comment_count) == (1, 1)
        assert standing.image_ids == post.image_ids
        assert (await harness.read_user(ada)).posts_count == 1
        assert await harness.read_user(bob) is not None

    async def test_uncommitted_changes_are_invisible(self, harness: StorageHarness) -> None:
        ada = harness.new_user("ada")

        async with harness.storage.begin() as uow:
            await uow.users.add(ada, harness.now())
            assert await harness.storage.user_reader.by_username("ada", None) is None
            assert await uow.users.get(ada.id) == ada
            await uow.commit()
            assert await harness.storage.user_reader.by_username("ada", None) is not None

    async def test_two_transactions_can_be_open(self, harness: StorageHarness) -> None:
        ada = harness.new_user("ada")

        async with harness.storage.begin() as first, harness.storage.begin():
            await first.users.add(ada, harness.now())
            await first.commit()

        assert await harness.read_user(ada) == ada

    async def test_refused_name_rolls_back_transaction(self, harness: StorageHarness) -> None:
        await harness.add_user("ada")

        async with harness.storage.begin() as uow:
            await uow.users.add(harness.new_user("bob"), harness.now())
            with pytest.raises(UsernameTaken):
                await uow.users.add(harness.new_user("ada", email="other@example.org"), harness.now())
            with suppress(Exception):
                await uow.commit()

        assert await harness.storage.user_reader.by_username("bob", None) is None

    async def test_read_row_is_locked_until_end_of_transaction(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        image = await harness.add_image(ada)
        rounds = 10

        async def one_more() -> None:
            async with harness.storage.begin() as uow:
                row = await uow.understandings.get(image.id, Task.CAPTION)
                assert row is not None
                await uow.understandings.save(row.start(harness.now()))
                await uow.commit()

        await gather(*(one_more() for _ in range(rounds)))

        seen = await harness.storage.image_reader.by_id(image.id, ada.id)
        assert seen is not None
        assert seen.understanding[Task.CAPTION].attempts == rounds

    async def test_jobs_can_be_written_first(self, harness: StorageHarness) -> None:
        """A queue on the same connection must not write before the transaction has begun."""
        ada = await harness.add_user("ada")
        image = await harness.add_image(ada)

        async with harness.storage.begin() as uow:
            await uow.jobs.enqueue(Job(Task.CAPTION, image.id))
            await uow.users.save(replace(ada, bio="changed"))
            await uow.commit()

        assert (await harness.read_user(ada)).bio == "changed"
