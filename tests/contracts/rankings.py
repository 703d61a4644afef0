"""Ranked lists."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from domain.feeds import PostView
from domain.ids import PostId, UserId
from domain.pages import Page, PageRequest, Position
from domain.posts import Post
from domain.ranking import HALF_LIFE, trending_key
from tests.contracts.paging import ALL, assert_pages
from tests.contracts.world import World, at

LIST = ["most_liked", "trending"]


def ids(views: Sequence[PostView]) -> list[PostId]:
    return [view.post.id for view in views]


async def ranked(world: World, name: str, page: PageRequest, viewer: UserId | None = None) -> Page[PostView]:
    if name == "trending":
        return await world.rankings.trending(viewer, page)
    return await world.rankings.most_liked(viewer, None, page)


async def liked(world: World, *likes: int) -> list[Post]:
    """Posts with so many likes each, all of one author, who likes none."""
    author = await world.user("author")
    fans = [await world.user(f"fan_{index}") for index in range(max(likes))]
    posts = await world.posts(author, len(likes))
    for post, count in zip(posts, likes, strict=True):
        for fan in fans[:count]:
            await world.like(post, fan)
    return posts


class RankingsContract:
    async def test_most_likes_come_first_then_the_newest(self, world: World) -> None:
        posts = await liked(world, 1, 0, 3, 1, 0, 2)

        found = await world.rankings.most_liked(None, None, ALL)

        assert ids(found.items) == [posts[index].id for index in (2, 5, 3, 0, 4, 1)]
        assert [view.post.like_count for view in found.items] == [3, 2, 1, 1, 0, 0]
        await assert_pages(lambda page: world.rankings.most_liked(None, None, page), found.items)

    async def test_a_window_opens_at_its_moment(self, world: World) -> None:
        ada = await world.user("ada")
        day = at(86_400)
        before = await world.post(ada, at=day - timedelta(microseconds=1))
        inside = [await world.post(ada, at=day), await world.post(ada, at=day + timedelta(hours=1))]
        await world.like(before, ada)

        found = await world.rankings.most_liked(None, day, ALL)

        assert ids(found.items) == [inside[1].id, inside[0].id]
        await assert_pages(lambda page: world.rankings.most_liked(None, day, page), found.items)
        assert (await world.rankings.most_liked(None, day + timedelta(hours=2), ALL)).items == ()

    async def test_trending_follows_its_key(self, world: World) -> None:
        ada = await world.user("ada")
        fans = [await world.user(f"fan_{index}") for index in range(3)]
        posts: list[Post] = []
        for hours, likes in ((0, 3), (2, 0), (13, 1), (13, 0), (30, 0), (40, 2)):
            posts.append(await world.post(ada, at=at(hours * 3600)))
            for fan in fans[:likes]:
                await world.like(posts[-1], fan)

        found = await world.rankings.trending(None, ALL)

        def key(view: PostView) -> tuple[float, PostId]:
            return trending_key(view.post.like_count, view.post.created_at), view.post.id

        assert ids(found.items) == ids(sorted(found.items, key=key, reverse=True))
        assert ids(found.items) == [posts[index].id for index in (5, 4, 2, 0, 3, 1)]
        await assert_pages(lambda page: world.rankings.trending(None, page), found.items)

    async def test_equal_keys_put_the_newest_id_first(self, world: World) -> None:
        ada = await world.user("ada")
        old = await world.post(ada, at=at(0))
        same = [await world.post(ada, at=at(HALF_LIFE.total_seconds())) for _ in range(3)]
        await world.like(old, ada)

        found = await world.rankings.trending(None, ALL)

        assert ids(found.items) == [*(post.id for post in reversed(same)), old.id]
        await assert_pages(lambda page: world.rankings.trending(None, page), found.items)

    @pytest.mark.parametrize("name", LIST)
    async def test_a_like_moves_a_post_and_its_loss_moves_it_back(self, world: World, name: str) -> None:
        ada = await world.user("ada")
        first, second = await world.post(ada, at=at(0)), await world.post(ada, at=at(1))

        await world.like(first, ada)
        assert ids((await ranked(world, name, ALL)).items) == [first.id, second.id]

        await world.unlike(first, ada)
        assert ids((await ranked(world, name, ALL)).items) == [second.id, first.id]

    @pytest.mark.parametrize("name", LIST)
    async def test_who_leaves_takes_their_likes_off_the_ranking(self, world: World, name: str) -> None:
        ada, fan = await world.user("ada"), await world.user("fan")
        first, second = await world.post(ada, at=at(0)), await world.post(ada, at=at(1))
        await world.like(first, fan)

        await world.delete_user(fan)

        assert ids((await ranked(world, name, ALL)).items) == [second.id, first.id]

    @pytest.mark.parametrize("name", LIST)
    async def test_a_position_counts_the_items_before_the_next(self, world: World, name: str) -> None:
        await liked(world, 2, 1, 0, 1, 0)

        ranks: list[int | None] = []
        request = PageRequest(2)
        while len(ranks) < 3:
            page = await ranked(world, name, request)
            ranks.append(page.next.rank if page.next else None)
            request = PageRequest(2, page.next)

        assert ranks == [2, 4, None]

    @pytest.mark.parametrize("name", LIST)
    async def test_a_position_is_the_key_and_the_post(self, world: World, name: str) -> None:
        _, best = await liked(world, 0, 3)
        keys = {"most_liked": 3.0, "trending": trending_key(3, best.created_at)}

        page = await ranked(world, name, PageRequest(1))

        assert page.next == Position(best.id, keys[name], 1)

    @pytest.mark.parametrize("name", LIST)
    async def test_posts_for_followers_take_no_part(self, world: World, name: str) -> None:
        ada = await world.user("ada")
        public, _ = await world.post(ada), await world.post(ada, private=True)

        assert ids((await ranked(world, name, ALL)).items) == [public.id]

    @pytest.mark.parametrize("name", LIST)
    async def test_the_viewer_sees_whether_they_like_it(self, world: World, name: str) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        post = await world.post(ada)
        await world.like(post, bob)

        for viewer, liked in ((None, None), (ada.id, False), (bob.id, True)):
            found = await ranked(world, name, ALL, viewer)
            assert [view.liked for view in found.items] == [liked]

    async def test_nothing_published_makes_an_empty_list(self, world: World) -> None:
        assert await world.rankings.most_liked(None, None, ALL) == Page(())
        assert await world.rankings.trending(None, ALL) == Page(())
