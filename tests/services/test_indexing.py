"""Catching up with posts that are older than the index."""

from domain.ids import PostId
from domain.posts import Post
from tests.services.conftest import Town


async def test_old_posts_are_found_once_they_were_caught_up_with(town: Town) -> None:
    ada = await town.person("ada")
    async with town.container.begin()() as uow:
        for _ in range(250):
            post = Post(PostId(town.container.ids().new()), ada, "sea", (), town.container.clock().now())
            await uow.posts.add(post)
        await uow.commit()

    assert await town.container.indexing().catch_up() == 250
    assert await town.container.indexing().catch_up() == 0
    assert list(await town.container.storage().search.unindexed(None, 10)) == []


async def test_catching_up_ends_when_it_is_told_to(town: Town) -> None:
    ada = await town.person("ada")
    async with town.container.begin()() as uow:
        post = Post(PostId(town.container.ids().new()), ada, "sea", (), town.container.clock().now())
        await uow.posts.add(post)
        await uow.commit()

    assert await town.container.indexing().catch_up(stopping=lambda: True) == 0
    assert await town.container.storage().search.unindexed(None, 10) == [post.id]
