"""Ranked lists."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

import pytest

from domain.ids import PostId, UserId
from domain.pages import CursorExpired, Page, PageRequest, Position
from domain.posts import Post
from domain.ranking import EPOCH_LIFE, HALF_LIFE, Placed, Window, trending_key
from tests.contracts.paging import ALL, assert_pages, walked
from tests.contracts.world import LONGEST_WALK, MOST_WALKS, World, at

LIST = ["most_liked", "trending"]


def ids(found: Sequence[Placed]) -> list[PostId]:
    return [placed.view.post.id for placed in found]


async def ranked(world: World, name: str, page: PageRequest, viewer: UserId | None = None) -> Page[Placed]:
    if name == "trending":
        return await world.storage.rankings.trending(viewer, world.now(), page)
    return await world.storage.rankings.most_liked(viewer, Window.ALL, world.now(), page)


async def liked(world: World, *likes: int) -> list[Post]:
    """Posts with so many likes each, each of an author of its own, who likes none."""
    fans = [await world.user(f"fan_{index}") for index in range(max(likes))]
    posts = [await world.post(await world.user(f"author_{index}")) for index in range(len(likes))]
    for post, count in zip(posts, likes, strict=True):
        for fan in fans[:count]:
            await world.like(post, fan)
    return posts


async def walk(world: World, name: str, limit: int, between: Callable[[], Awaitable[object]]) -> list[Placed]:
    """Page by page, and something happens before each next page."""
    found: list[Placed] = []
    request = PageRequest(limit)
    while True:
        page = await ranked(world, name, request)
        found += page.items
        if page.next is None:
            return found
        request = PageRequest(limit, Position.parse(page.next.cursor("list"), "list"))
        await between()


class RankingsContract:
    async def test_most_likes_come_first_then_the_newest(self, world: World) -> None:
        posts = await liked(world, 1, 0, 3, 1, 0, 2)
        now = world.now()

        found = await world.storage.rankings.most_liked(None, Window.ALL, now, ALL)

        assert ids(found.items) == [posts[index].id for index in (2, 5, 3, 0, 4, 1)]
        assert [placed.likes for placed in found.items] == [3, 2, 1, 1, 0, 0]
        await assert_pages(lambda page: world.storage.rankings.most_liked(None, Window.ALL, now, page), found.items)

    async def test_a_window_opens_at_its_moment(self, world: World) -> None:
        ada = await world.user("ada")
        now = at(3 * 86_400)
        opening = now - timedelta(days=1)
        before = await world.post(ada, at=opening - timedelta(microseconds=1))
        inside = [await world.post(ada, at=opening), await world.post(ada, at=opening + timedelta(hours=1))]
        await world.like(before, ada)

        found = await world.storage.rankings.most_liked(None, Window.DAY, now, ALL)

        assert ids(found.items) == [inside[1].id, inside[0].id]
        await assert_pages(lambda page: world.storage.rankings.most_liked(None, Window.DAY, now, page), found.items)
        late = await world.storage.rankings.most_liked(None, Window.DAY, now + timedelta(hours=2), ALL)
        assert late.items == ()

    async def test_a_walk_through_a_window_keeps_its_opening(self, world: World) -> None:
        ada, now = await world.user("ada"), at(3 * 86_400)
        posts = [await world.post(ada, at=now - timedelta(days=1)) for _ in range(3)]

        first = await world.storage.rankings.most_liked(None, Window.DAY, now, PageRequest(1))
        later = now + timedelta(minutes=5)
        second = await world.storage.rankings.most_liked(None, Window.DAY, later, PageRequest(1, first.next))
        third = await world.storage.rankings.most_liked(None, Window.DAY, later, PageRequest(1, second.next))

        assert ids([*first.items, *second.items, *third.items]) == [post.id for post in reversed(posts)]

    async def test_trending_follows_its_key(self, world: World) -> None:
        fans = [await world.user(f"fan_{index}") for index in range(3)]
        posts: list[Post] = []
        for hours, likes in ((0, 3), (2, 0), (13, 1), (13, 0), (30, 0), (40, 2)):
            author = await world.user(f"author_{len(posts)}")
            posts.append(await world.post(author, at=at(hours * 3600)))
            for fan in fans[:likes]:
                await world.like(posts[-1], fan)
        now = at(41 * 3600)

        found = await world.storage.rankings.trending(None, now, ALL)

        def key(placed: Placed) -> tuple[float, PostId]:
            return trending_key(placed.likes, placed.view.post.created_at), placed.view.post.id

        assert ids(found.items) == ids(sorted(found.items, key=key, reverse=True))
        assert ids(found.items) == [posts[index].id for index in (5, 4, 2, 0, 3, 1)]
        await assert_pages(lambda page: world.storage.rankings.trending(None, now, page), found.items)

    async def test_equal_keys_put_the_newest_id_first(self, world: World) -> None:
        ada, later = await world.user("ada"), at(HALF_LIFE.total_seconds())
        old = await world.post(ada, at=at(0))
        same = [await world.post(await world.user(f"author_{index}"), at=later) for index in range(3)]
        await world.like(old, ada)

        found = await world.storage.rankings.trending(None, later, ALL)

        assert ids(found.items) == [*(post.id for post in reversed(same)), old.id]
        await assert_pages(lambda page: world.storage.rankings.trending(None, later, page), found.items)

    async def test_trending_shows_each_author_once_with_their_best(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        posts = [await world.post(author, at=at(0)) for author in (ada, bob, ada, ada, bob)]
        for post in (posts[2], posts[0], posts[1]):
            await world.like(post, bob)
        await world.like(posts[2], ada)
        now = world.now()

        found = await world.storage.rankings.trending(None, now, ALL)

        assert ids(found.items) == [posts[2].id, posts[1].id]
        await assert_pages(lambda page: world.storage.rankings.trending(None, now, page), found.items)
        await world.delete_post(posts[2])
        assert ids((await ranked(world, "trending", ALL)).items) == [posts[1].id, posts[0].id]

    @pytest.mark.parametrize("limit", [1, 2])
    @pytest.mark.parametrize("name", LIST)
    async def test_a_walk_shows_the_moment_it_began_at(self, world: World, name: str, limit: int) -> None:
        posts = await liked(world, 3, 2, 2, 1, 0, 0, 1)
        authors = [await world.user(f"late_{index}") for index in range(12)]
        fan = await world.user("eager")
        expected = (await ranked(world, name, ALL)).items

        async def between() -> None:
            """The last become the first, the first lose their likes, and others publish."""
            await world.like(posts[4], fan)
            await world.like(posts[4], authors[0])
            await world.like(posts[5], fan)
            await world.unlike(posts[5], fan)
            for leaving in ("fan_0", "fan_1"):
                user = await world.storage.people.by_username(leaving, None)
                if user is not None:
                    await (world.unlike(posts[1], user.user) if leaving == "fan_0" else world.delete_user(user.user))
            new = await world.post(authors.pop())
            await world.like(new, fan)

        found = await walk(world, name, limit, between)

        assert ids(found) == ids(expected)
        assert [(placed.rank, placed.likes) for placed in found] == [(one.rank, one.likes) for one in expected]
        assert ids((await ranked(world, name, ALL)).items) != ids(expected)

    @pytest.mark.parametrize("name", LIST)
    async def test_a_like_taken_back_and_given_again_counts_as_it_did(self, world: World, name: str) -> None:
        posts = await liked(world, 2, 1, 1, 0)
        profile = await world.storage.people.by_username("fan_0", None)
        assert profile is not None
        fan = profile.user
        expected = ids((await ranked(world, name, ALL)).items)

        async def between() -> None:
            for post in posts:
                await world.unlike(post, fan)
                await world.like(post, fan)

        assert ids(await walk(world, name, 1, between)) == expected

    async def test_of_an_author_whose_posts_moved_the_best_of_then_is_shown(self, world: World) -> None:
        ada, bob, eve = [await world.user(name) for name in ("ada", "bob", "eve")]
        first = await world.post(eve, at=at(0))
        worse, best, still = [await world.post(ada, at=at(0)) for _ in range(3)]
        for post, fans in ((first, (ada, bob, eve)), (best, (bob, eve)), (still, (bob,))):
            for fan in fans:
                await world.like(post, fan)

        async def between() -> None:
            for fan in (ada, bob, eve):
                await world.like(worse, fan)
            await world.unlike(best, bob)
            await world.unlike(best, eve)

        found = await walk(world, "trending", 1, between)

        assert ids(found) == [first.id, best.id]
        assert found[1].likes == 2

    async def test_an_author_who_was_shown_does_not_come_back_with_their_next_best(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        best, next_best, other = [await world.post(author, at=at(0)) for author in (ada, ada, bob)]
        for post, fans in ((best, (ada, bob)), (next_best, (bob,))):
            for fan in fans:
                await world.like(post, fan)

        found = await walk(world, "trending", 1, lambda: world.delete_post(best))

        assert ids(found) == [best.id, other.id]

    @pytest.mark.parametrize("name", LIST)
    async def test_what_goes_meanwhile_is_left_out(self, world: World, name: str) -> None:
        posts = await liked(world, 4, 3, 2, 1, 0)
        gone = iter([posts[1], posts[4]])

        async def between() -> None:
            if post := next(gone, None):
                await world.delete_post(post)

        found = await walk(world, name, 1, between)

        assert ids(found) == [posts[0].id, posts[2].id, posts[3].id]
        assert [placed.rank for placed in found] == [1, 2, 3]

    @pytest.mark.parametrize("name", LIST)
    async def test_the_post_is_shown_as_it_is_now(self, world: World, name: str) -> None:
        posts = await liked(world, 1, 0)
        fan = await world.user("eager")

        found = await walk(world, name, 1, lambda: world.like(posts[1], fan))

        assert (found[1].likes, found[1].view.post.like_count) == (0, 1)

    @pytest.mark.parametrize("name", LIST)
    async def test_a_moment_lives_so_long_and_then_is_told_to_be_over(self, world: World, name: str) -> None:
        await liked(world, 2, 1, 0)
        now = world.now()

        async def asked(after: Position | None, age: timedelta) -> Page[Placed]:
            page = PageRequest(1, after)
            if name == "trending":
                return await world.storage.rankings.trending(None, now + age, page)
            return await world.storage.rankings.most_liked(None, Window.ALL, now + age, page)

        first = await asked(None, timedelta(0))
        second = await asked(first.next, EPOCH_LIFE)
        tick = timedelta(microseconds=1)
        for position in (first.next, second.next):
            with pytest.raises(CursorExpired):
                await asked(position, EPOCH_LIFE + tick)
        await world.storage.rankings.forget(now)
        assert len((await asked(second.next, EPOCH_LIFE)).items) == 1
        await world.storage.rankings.forget(now + tick)
        with pytest.raises(CursorExpired):
            await asked(second.next, timedelta(0))

    @pytest.mark.parametrize("name", LIST)
    async def test_so_many_walks_are_kept_and_a_further_one_takes_the_oldest_ones_place(
        self, world: World, name: str
    ) -> None:
        await liked(world, 2, 1, 0, 0)

        async def opened() -> PageRequest:
            """A new walk: its third page."""
            first = await ranked(world, name, PageRequest(1))
            second = await ranked(world, name, PageRequest(1, first.next))
            return PageRequest(1, second.next)

        walks = [await opened() for _ in range(MOST_WALKS + 1)]

        with pytest.raises(CursorExpired):
            await ranked(world, name, walks[0])
        for kept in walks[1:]:
            assert len((await ranked(world, name, kept)).items) == 1

    @pytest.mark.parametrize("name", LIST)
    async def test_a_walk_ends_after_so_many(self, world: World, name: str) -> None:
        for index in range(LONGEST_WALK + 2):
            await world.post(await world.user(f"author_{index}"))
        now = world.now()

        async def asked(page: PageRequest) -> Page[Placed]:
            if name == "trending":
                return await world.storage.rankings.trending(None, now, page)
            return await world.storage.rankings.most_liked(None, Window.ALL, now, page)

        assert [placed.rank for placed in await walked(asked, 25)] == list(range(1, LONGEST_WALK + 1))

    @pytest.mark.parametrize("name", LIST)
    async def test_a_position_of_another_time_is_over(self, world: World, name: str) -> None:
        posts = await liked(world, 1, 0)
        with pytest.raises(CursorExpired):
            await ranked(world, name, PageRequest(1, Position(posts[0].id, 1.0, 1)))

    @pytest.mark.parametrize("name", LIST)
    async def test_a_like_moves_a_post_and_its_loss_moves_it_back(self, world: World, name: str) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        first, second = await world.post(ada, at=at(0)), await world.post(bob, at=at(1))

        await world.like(first, ada)
        assert ids((await ranked(world, name, ALL)).items) == [first.id, second.id]

        await world.unlike(first, ada)
        assert ids((await ranked(world, name, ALL)).items) == [second.id, first.id]

    @pytest.mark.parametrize("name", LIST)
    async def test_who_leaves_takes_their_likes_off_the_ranking(self, world: World, name: str) -> None:
        ada, bob, fan = await world.user("ada"), await world.user("bob"), await world.user("fan")
        first, second = await world.post(ada, at=at(0)), await world.post(bob, at=at(1))
        await world.like(first, fan)

        await world.delete_user(fan)

        assert ids((await ranked(world, name, ALL)).items) == [second.id, first.id]

    @pytest.mark.parametrize("name", LIST)
    async def test_posts_for_followers_take_no_part(self, world: World, name: str) -> None:
        ada = await world.user("ada")
        public, _ = await world.post(ada), await world.post(ada, private=True)

        assert ids((await ranked(world, name, ALL)).items) == [public.id]

    @pytest.mark.parametrize("name", LIST)
    async def test_the_viewer_sees_whether_they_like_it(self, world: World, name: str) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        first, second = await world.post(ada), await world.post(bob)
        for post in (first, second):
            await world.like(post, bob)

        for viewer, liked in ((None, None), (ada.id, False), (bob.id, True)):
            page = await ranked(world, name, PageRequest(1), viewer)
            further = await ranked(world, name, PageRequest(1, page.next), viewer)
            assert [placed.view.liked for placed in (*page.items, *further.items)] == [liked, liked]

    async def test_nothing_published_makes_an_empty_list(self, world: World) -> None:
        for name in LIST:
            assert await ranked(world, name, ALL) == Page(())
