"""Posts: what `Posts` writes."""

from asyncio import gather
from dataclasses import replace

import pytest

from domain.ids import PostId
from domain.posts import Post, Visibility
from domain.users import UserNotFound
from tests.contracts.paging import ALL
from tests.contracts.world import World


class PostsContract:
    async def test_a_post_comes_back_as_it_was_stored(self, world: World) -> None:
        ada = await world.user("ada")
        post = await world.post(ada, text="Look: “ä” 🐕", private=True)

        async with world.storage.begin() as uow:
            assert await uow.posts.get(post.id) == post
            assert await uow.posts.get(PostId(world.id())) is None
        assert (await world.present(ada)).posts_count == 1

    async def test_nobody_posts_who_has_just_gone(self, world: World) -> None:
        async with world.storage.begin() as uow:
            with pytest.raises(UserNotFound):
                await uow.posts.add(Post(PostId(world.id()), world.a_user("ada").id, "", (), world.now()))

    async def test_saving_stores_the_words_and_leaves_counts_alone(self, world: World) -> None:
        ada = await world.user("ada")
        post = await world.post(ada, text="old")
        await world.like(post, ada)
        changed = replace(post, text="new", visibility=Visibility.FOLLOWERS, edited_at=world.now())

        async with world.storage.begin() as uow:
            await uow.posts.save(replace(changed, like_count=9, comment_count=9))
            await uow.commit()

        assert await world.standing(post) == replace(changed, like_count=1)

    async def test_saving_what_is_gone_does_nothing(self, world: World) -> None:
        ada = await world.user("ada")
        post = await world.post(ada)
        await world.delete_post(post)

        async with world.storage.begin() as uow:
            await uow.posts.save(post)
            await uow.commit()

        assert await world.storage.feeds.post(post.id, ada.id) is None

    async def test_deleting_takes_everything_along(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        post, other = await world.post(ada), await world.post(ada)
        await world.like(post, bob)
        comment = await world.comment(post, bob)

        await world.delete_post(post)
        await world.delete_post(post)

        assert await world.storage.feeds.post(post.id, ada.id) is None
        assert await world.storage.gallery.image(post.image_ids[0], ada.id) is None
        assert await world.storage.gallery.image(other.image_ids[0], None) is not None
        assert (await world.storage.feeds.liked_by(bob.id, None, ALL)).items == ()
        assert await world.storage.threads.comment(comment.id, bob.id) is None
        assert (await world.present(ada)).posts_count == 1
        async with world.storage.begin() as uow:
            assert await uow.comments.get(comment.id) is None
        assert list(await world.storage.counters.verify()) == []

    async def test_many_deletions_at_once_count_once(self, world: World) -> None:
        ada = await world.user("ada")
        post, _ = await world.post(ada), await world.post(ada)

        await gather(*(world.delete_post(post) for _ in range(8)))

        assert (await world.present(ada)).posts_count == 1
        assert list(await world.storage.counters.verify()) == []

    async def test_many_posts_at_once_are_all_counted(self, world: World) -> None:
        ada = await world.user("ada")
        images = [await world.image(ada) for _ in range(8)]

        await gather(*(world.post(ada, image) for image in images))

        assert (await world.present(ada)).posts_count == len(images)
        assert list(await world.storage.counters.verify()) == []

    async def test_a_deletion_among_likes_leaves_nothing_behind(self, world: World) -> None:
        ada = await world.user("ada")
        post, fans = await world.post(ada), [await world.user(f"fan_{index}") for index in range(8)]

        async def like_if_there(index: int) -> None:
            async with world.storage.begin() as uow:
                if await uow.posts.get(post.id) is None:
                    return
            await world.like(post, fans[index])

        await gather(*(like_if_there(index) for index in range(8)), world.delete_post(post))

        assert await world.storage.feeds.post(post.id, ada.id) is None
        assert (await world.storage.feeds.liked_by(fans[0].id, None, ALL)).items == ()
        assert list(await world.storage.counters.verify()) == []
