"""Indexing of posts that are older than the index."""

from domain.ids import PostId
from domain.posts import Post
from tests.services.conftest import ServiceHarness


async def test_old_posts_are_found_after_indexing(harness: ServiceHarness) -> None:
    ada = await harness.sign_up("ada")
    async with harness.container.storage().begin() as uow:
        for _ in range(250):
            post = Post(PostId(harness.container.ids().new()), ada, "sea", (), harness.container.clock().now())
            await uow.posts.add(post)
        await uow.commit()

    assert await harness.container.indexing().catch_up() == 250
    assert await harness.container.indexing().catch_up() == 0
    assert list(await harness.container.storage().search_reader.unindexed_posts(None, 10)) == []


async def test_indexing_can_be_stopped(harness: ServiceHarness) -> None:
    ada = await harness.sign_up("ada")
    async with harness.container.storage().begin() as uow:
        post = Post(PostId(harness.container.ids().new()), ada, "sea", (), harness.container.clock().now())
        await uow.posts.add(post)
        await uow.commit()

    assert await harness.container.indexing().catch_up(should_stop=lambda: True) == 0
    assert await harness.container.storage().search_reader.unindexed_posts(None, 10) == [post.id]
