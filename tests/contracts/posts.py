"""The contract of `Posts`: writes."""

from asyncio import gather
from dataclasses import replace

import pytest

from domain.ids import PostId
from domain.posts import Post, Visibility
from domain.users import UserNotFound
from tests.contracts.harness import StorageHarness
from tests.contracts.paging import ALL


class PostsContract:
    async def test_stored_post_is_read_unchanged(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        post = await harness.add_post(ada, text="Look: “ä” 🐕", private=True)

        async with harness.storage.begin() as uow:
            assert await uow.posts.get(post.id) == post
            assert await uow.posts.get(PostId(harness.new_id())) is None
        assert (await harness.read_user(ada)).posts_count == 1

    async def test_deleted_user_cannot_post(self, harness: StorageHarness) -> None:
        async with harness.storage.begin() as uow:
            with pytest.raises(UserNotFound):
                await uow.posts.add(Post(PostId(harness.new_id()), harness.new_user("ada").id, "", (), harness.now()))

    async def test_save_changes_text_and_keeps_counts(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        post = await harness.add_post(ada, text="old")
        await harness.like(post, ada)
        changed = replace(post, text="new", visibility=Visibility.FOLLOWERS, edited_at=harness.now())

        async with harness.storage.begin() as uow:
            await uow.posts.save(replace(changed, like_count=9, comment_count=9))
            await uow.commit()

        assert await harness.read_post(post) == replace(changed, like_count=1)

    async def test_save_of_deleted_post_does_nothing(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        post = await harness.add_post(ada)
        await harness.delete_post(post)

        async with harness.storage.begin() as uow:
            await uow.posts.save(post)
            await uow.commit()

        assert await harness.storage.post_reader.by_id(post.id, ada.id) is None

    async def test_deletion_removes_dependent_rows(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        post, other = await harness.add_post(ada), await harness.add_post(ada)
        await harness.like(post, bob)
        comment = await harness.add_comment(post, bob)

        await harness.delete_post(post)
        await harness.delete_post(post)

        assert await harness.storage.post_reader.by_id(post.id, ada.id) is None
        assert await harness.storage.image_reader.by_id(post.image_ids[0], ada.id) is None
        assert await harness.storage.image_reader.by_id(other.image_ids[0], None) is not None
        assert (await harness.storage.post_reader.liked_by(bob.id, None, ALL)).items == ()
        assert await harness.storage.comment_reader.by_id(comment.id, bob.id) is None
        assert (await harness.read_user(ada)).posts_count == 1
        async with harness.storage.begin() as uow:
            assert await uow.comments.get(comment.id) is None
        assert list(await harness.storage.counters.verify()) == []

    async def test_concurrent_deletions_count_once(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        post, _ = await harness.add_post(ada), await harness.add_post(ada)

        await gather(*(harness.delete_post(post) for _ in range(8)))

        assert (await harness.read_user(ada)).posts_count == 1
        assert list(await harness.storage.counters.verify()) == []

    async def test_concurrent_posts_are_all_counted(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        images = [await harness.add_image(ada) for _ in range(8)]

        await gather(*(harness.add_post(ada, image) for image in images))

        assert (await harness.read_user(ada)).posts_count == len(images)
        assert list(await harness.storage.counters.verify()) == []

    async def test_deletion_during_likes_leaves_no_likes(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        post, fans = await harness.add_post(ada), [await harness.add_user(f"fan_{index}") for index in range(8)]

        async def like_if_there(index: int) -> None:
            async with harness.storage.begin() as uow:
                if await uow.posts.get(post.id) is None:
                    return
            await harness.like(post, fans[index])

        await gather(*(like_if_there(index) for index in range(8)), harness.delete_post(post))

        assert await harness.storage.post_reader.by_id(post.id, ada.id) is None
        assert (await harness.storage.post_reader.liked_by(fans[0].id, None, ALL)).items == ()
        assert list(await harness.storage.counters.verify()) == []
