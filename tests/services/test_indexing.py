"""Catching up with posts that are older than the index."""

from domain.ids import PostId
from domain.posts import Post
from tests.services.conftest import ServiceHarness


async def test_old_posts_are_found_once_they_were_caught_up_with(harness: ServiceHarness) -> None:
    ada = await harness.sign_up("ada")
    async with harness.container.storage().begin() as uow:
        for _ in range(250):
            post = Post(PostId(harness.container.ids().new()), ada, "sea", (), harness.container.clock().now())
            await uow.posts.add(post)
        await uow.commit()

    assert await harness.container.indexing().catch_up() == 250
    assert await harness.container.indexing().catch_up() == 0
    assert list(await harness.container.storage().search_reader.unindexed_posts(None, 10)) == []


async def test_catching_up_ends_when_it_is_told_to(harness: ServiceHarness) -> None:
    ada = await harness.sign_up("ada")
    async with harness.container.storage().begin() as uow:
        post = Post(PostId(harness.container.ids().new()), ada, "sea", (), harness.container.clock().now())
        await uow.posts.add(post)
        await uow.commit()

    assert await harness.container.indexing().catch_up(should_stop=lambda: True) == 0
    assert await harness.container.storage().search_reader.unindexed_posts(None, 10) == [post.id]
