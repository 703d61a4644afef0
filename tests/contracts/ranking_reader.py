"""The contract of `RankingReader`."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

import pytest

from domain.ids import PostId, UserId
from domain.pages import CursorExpired, Page, PageRequest, Position
from domain.posts import Post
from domain.rankings import HALF_LIFE, SNAPSHOT_LIFETIME, RankPosition, Window, trending_key
from tests.contracts.harness import MAX_DEPTH, MAX_SNAPSHOTS, StorageHarness, at
from tests.contracts.paging import ALL, assert_pages, read_pages

RANKINGS = ["most_liked", "trending"]


def post_ids(found: Sequence[RankPosition]) -> list[PostId]:
    return [placed.view.post.id for placed in found]


async def read_ranking(
    harness: StorageHarness, name: str, page: PageRequest, viewer: UserId | None = None
) -> Page[RankPosition]:
    if name == "trending":
        return await harness.storage.ranking_reader.trending(viewer, harness.now(), page)
    return await harness.storage.ranking_reader.most_liked(viewer, Window.ALL, harness.now(), page)


async def add_liked_posts(harness: StorageHarness, *likes: int) -> list[Post]:
    """Posts with these numbers of likes, each by a different author, who likes none."""
    fans = [await harness.add_user(f"fan_{index}") for index in range(max(likes))]
    posts = [await harness.add_post(await harness.add_user(f"author_{index}")) for index in range(len(likes))]
    for post, count in zip(posts, likes, strict=True):
        for fan in fans[:count]:
            await harness.like(post, fan)
    return posts


async def read_all(
    harness: StorageHarness, name: str, limit: int, between: Callable[[], Awaitable[object]]
) -> list[RankPosition]:
    """Read page by page, and run an action before each further page."""
    found: list[RankPosition] = []
    request = PageRequest(limit)
    while True:
        page = await read_ranking(harness, name, request)
        found += page.items
        if page.next is None:
            return found
        request = PageRequest(limit, Position.parse(page.next.cursor("list"), "list"))
        await between()


class RankingReaderContract:
    async def test_most_liked_is_sorted_by_likes_and_id(self, harness: StorageHarness) -> None:
        posts = await add_liked_posts(harness, 1, 0, 3, 1, 0, 2)
        now = harness.now()

        found = await harness.storage.ranking_reader.most_liked(None, Window.ALL, now, ALL)

        assert post_ids(found.items) == [posts[index].id for index in (2, 5, 3, 0, 4, 1)]
        assert [placed.likes for placed in found.items] == [3, 2, 1, 1, 0, 0]
        await assert_pages(
            lambda page: harness.storage.ranking_reader.most_liked(None, Window.ALL, now, page), found.items
        )

    async def test_window_includes_its_start(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        now = at(3 * 86_400)
        opening = now - timedelta(days=1)
        before = await harness.add_post(ada, at=opening - timedelta(microseconds=1))
        inside = [await harness.add_post(ada, at=opening), await harness.add_post(ada, at=opening + timedelta(hours=1))]
        await harness.like(before, ada)

        found = await harness.storage.ranking_reader.most_liked(None, Window.DAY, now, ALL)

        assert post_ids(found.items) == [inside[1].id, inside[0].id]
        await assert_pages(
            lambda page: harness.storage.ranking_reader.most_liked(None, Window.DAY, now, page), found.items
        )
        late = await harness.storage.ranking_reader.most_liked(None, Window.DAY, now + timedelta(hours=2), ALL)
        assert late.items == ()

    async def test_paging_keeps_start_of_window(self, harness: StorageHarness) -> None:
        ada, now = await harness.add_user("ada"), at(3 * 86_400)
        posts = [await harness.add_post(ada, at=now - timedelta(days=1)) for _ in range(3)]

        first = await harness.storage.ranking_reader.most_liked(None, Window.DAY, now, PageRequest(1))
        later = now + timedelta(minutes=5)
        second = await harness.storage.ranking_reader.most_liked(None, Window.DAY, later, PageRequest(1, first.next))
        third = await harness.storage.ranking_reader.most_liked(None, Window.DAY, later, PageRequest(1, second.next))

        assert post_ids([*first.items, *second.items, *third.items]) == [post.id for post in reversed(posts)]

    async def test_trending_is_sorted_by_key(self, harness: StorageHarness) -> None:
        fans = [await harness.add_user(f"fan_{index}") for index in range(3)]
        posts: list[Post] = []
        for hours, likes in ((0, 3), (2, 0), (13, 1), (13, 0), (30, 0), (40, 2)):
            author = await harness.add_user(f"author_{len(posts)}")
            posts.append(await harness.add_post(author, at=at(hours * 3600)))
            for fan in fans[:likes]:
                await harness.like(posts[-1], fan)
        now = at(41 * 3600)

        found = await harness.storage.ranking_reader.trending(None, now, ALL)

        def key(placed: RankPosition) -> tuple[float, PostId]:
            return trending_key(placed.likes, placed.view.post.created_at), placed.view.post.id

        assert post_ids(found.items) == post_ids(sorted(found.items, key=key, reverse=True))
        assert post_ids(found.items) == [posts[index].id for index in (5, 4, 2, 0, 3, 1)]
        await assert_pages(lambda page: harness.storage.ranking_reader.trending(None, now, page), found.items)

    async def test_equal_keys_are_sorted_by_newest_id(self, harness: StorageHarness) -> None:
        ada, later = await harness.add_user("ada"), at(HALF_LIFE.total_seconds())
        old = await harness.add_post(ada, at=at(0))
        same = [await harness.add_post(await harness.add_user(f"author_{index}"), at=later) for index in range(3)]
        await harness.like(old, ada)

        found = await harness.storage.ranking_reader.trending(None, later, ALL)

        assert post_ids(found.items) == [*(post.id for post in reversed(same)), old.id]
        await assert_pages(lambda page: harness.storage.ranking_reader.trending(None, later, page), found.items)

    async def test_trending_contains_best_post_of_each_author(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        posts = [await harness.add_post(author, at=at(0)) for author in (ada, bob, ada, ada, bob)]
        for post in (posts[2], posts[0], posts[1]):
            await harness.like(post, bob)
        await harness.like(posts[2], ada)
        now = harness.now()

        found = await harness.storage.ranking_reader.trending(None, now, ALL)

        assert post_ids(found.items) == [posts[2].id, posts[1].id]
        await assert_pages(lambda page: harness.storage.ranking_reader.trending(None, now, page), found.items)
        await harness.delete_post(posts[2])
        assert post_ids((await read_ranking(harness, "trending", ALL)).items) == [posts[1].id, posts[0].id]

    @pytest.mark.parametrize("limit", [1, 2])
    @pytest.mark.parametrize("name", RANKINGS)
    async def test_paging_keeps_order_of_first_page(self, harness: StorageHarness, name: str, limit: int) -> None:
        posts = await add_liked_posts(harness, 3, 2, 2, 1, 0, 0, 1)
        authors = [await harness.add_user(f"late_{index}") for index in range(12)]
        fan = await harness.add_user("eager")
        expected = (await read_ranking(harness, name, ALL)).items

        async def between() -> None:
            """The last become the first, the first lose their likes, and others publish."""
            await harness.like(posts[4], fan)
            await harness.like(posts[4], authors[0])
            await harness.like(posts[5], fan)
            await harness.unlike(posts[5], fan)
            for leaving in ("fan_0", "fan_1"):
                user = await harness.storage.user_reader.by_username(leaving, None)
                if user is not None:
                    await (
                        harness.unlike(posts[1], user.user) if leaving == "fan_0" else harness.delete_user(user.user)
                    )
            new = await harness.add_post(authors.pop())
            await harness.like(new, fan)

        found = await read_all(harness, name, limit, between)

        assert post_ids(found) == post_ids(expected)
        assert [(placed.rank, placed.likes) for placed in found] == [(one.rank, one.likes) for one in expected]
        assert post_ids((await read_ranking(harness, name, ALL)).items) != post_ids(expected)

    @pytest.mark.parametrize("name", RANKINGS)
    async def test_removed_and_repeated_like_counts_equally(self, harness: StorageHarness, name: str) -> None:
        posts = await add_liked_posts(harness, 2, 1, 1, 0)
        profile = await harness.storage.user_reader.by_username("fan_0", None)
        assert profile is not None
        fan = profile.user
        expected = post_ids((await read_ranking(harness, name, ALL)).items)

        async def between() -> None:
            for post in posts:
                await harness.unlike(post, fan)
                await harness.like(post, fan)

        assert post_ids(await read_all(harness, name, 1, between)) == expected

    async def test_snapshot_keeps_best_post_of_author(self, harness: StorageHarness) -> None:
        ada, bob, eve = [await harness.add_user(name) for name in ("ada", "bob", "eve")]
        first = await harness.add_post(eve, at=at(0))
        worse, best, still = [await harness.add_post(ada, at=at(0)) for _ in range(3)]
        for post, fans in ((first, (ada, bob, eve)), (best, (bob, eve)), (still, (bob,))):
            for fan in fans:
                await harness.like(post, fan)

        async def between() -> None:
            for fan in (ada, bob, eve):
                await harness.like(worse, fan)
            await harness.unlike(best, bob)
            await harness.unlike(best, eve)

        found = await read_all(harness, "trending", 1, between)

        assert post_ids(found) == [first.id, best.id]
        assert found[1].likes == 2

    async def test_author_occurs_once_in_snapshot(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        best, next_best, other = [await harness.add_post(author, at=at(0)) for author in (ada, ada, bob)]
        for post, fans in ((best, (ada, bob)), (next_best, (bob,))):
            for fan in fans:
                await harness.like(post, fan)

        found = await read_all(harness, "trending", 1, lambda: harness.delete_post(best))

        assert post_ids(found) == [best.id, other.id]

    async def test_author_occurs_once_on_all_pages(self, harness: StorageHarness) -> None:
        fan = await harness.add_user("fan")
        authors = [await harness.add_user(f"author_{index}") for index in range(12)]
        best = [await harness.add_post(author, at=at(0)) for author in authors]
        for post in best:
            await harness.like(post, fan)
        for author in authors:
            await harness.add_post(author, at=at(0))
        shown = iter([None, *reversed(best)])

        async def between() -> None:
            """Delete the post that was shown last but one."""
            if post := next(shown):
                await harness.delete_post(post)

        found = await read_all(harness, "trending", 1, between)

        assert post_ids(found) == [post.id for post in reversed(best)]

    @pytest.mark.parametrize("name", RANKINGS)
    async def test_simultaneous_readers_see_same_order(self, harness: StorageHarness, name: str) -> None:
        await add_liked_posts(harness, *range(8), *range(8))
        expected = post_ids((await read_ranking(harness, name, ALL)).items)
        first = await read_ranking(harness, name, PageRequest(2))

        async def read_rest() -> list[PostId]:
            found = list(first.items)
            after = first.next
            while after is not None:
                page = await read_ranking(harness, name, PageRequest(2, after))
                found += page.items
                after = page.next
            return post_ids(found)

        assert await asyncio.gather(*(read_rest() for _ in range(4))) == [expected] * 4

    @pytest.mark.parametrize("name", RANKINGS)
    async def test_deleted_and_hidden_posts_are_left_out(self, harness: StorageHarness, name: str) -> None:
        posts = await add_liked_posts(harness, 4, 3, 2, 1, 0)
        gone = iter([posts[1], posts[4]])

        async def between() -> None:
            if post := next(gone, None):
                await harness.delete_post(post)

        found = await read_all(harness, name, 1, between)

        assert post_ids(found) == [posts[0].id, posts[2].id, posts[3].id]
        assert [placed.rank for placed in found] == [1, 2, 3]

    @pytest.mark.parametrize("name", RANKINGS)
    async def test_ranked_posts_are_current(self, harness: StorageHarness, name: str) -> None:
        posts = await add_liked_posts(harness, 1, 0)
        fan = await harness.add_user("eager")

        found = await read_all(harness, name, 1, lambda: harness.like(posts[1], fan))

        assert (found[1].likes, found[1].view.post.like_count) == (0, 1)

    @pytest.mark.parametrize("name", RANKINGS)
    async def test_expired_snapshot_is_reported(self, harness: StorageHarness, name: str) -> None:
        await add_liked_posts(harness, 2, 1, 0)
        now = harness.now()

        async def read_page(after: Position | None, age: timedelta) -> Page[RankPosition]:
            page = PageRequest(1, after)
            if name == "trending":
                return await harness.storage.ranking_reader.trending(None, now + age, page)
            return await harness.storage.ranking_reader.most_liked(None, Window.ALL, now + age, page)

        first = await read_page(None, timedelta(0))
        second = await read_page(first.next, SNAPSHOT_LIFETIME)
        tick = timedelta(microseconds=1)
        for position in (first.next, second.next):
            with pytest.raises(CursorExpired):
                await read_page(position, SNAPSHOT_LIFETIME + tick)
        await harness.storage.ranking_snapshots.delete_expired(now)
        assert len((await read_page(second.next, SNAPSHOT_LIFETIME)).items) == 1
        await harness.storage.ranking_snapshots.delete_expired(now + tick)
        with pytest.raises(CursorExpired):
            await read_page(second.next, timedelta(0))

    @pytest.mark.parametrize("name", RANKINGS)
    async def test_oldest_snapshot_is_replaced_at_limit(self, harness: StorageHarness, name: str) -> None:
        await add_liked_posts(harness, 2, 1, 0, 0)

        async def read_two_pages() -> PageRequest:
            """Return the request for the third page."""
            first = await read_ranking(harness, name, PageRequest(1))
            second = await read_ranking(harness, name, PageRequest(1, first.next))
            return PageRequest(1, second.next)

        third_pages = [await read_two_pages() for _ in range(MAX_SNAPSHOTS + 1)]

        with pytest.raises(CursorExpired):
            await read_ranking(harness, name, third_pages[0])
        for kept in third_pages[1:]:
            assert len((await read_ranking(harness, name, kept)).items) == 1

    @pytest.mark.parametrize("name", RANKINGS)
    async def test_paging_ends_at_maximum_depth(self, harness: StorageHarness, name: str) -> None:
        for index in range(MAX_DEPTH + 2):
            await harness.add_post(await harness.add_user(f"author_{index}"))
        now = harness.now()

        async def read_page(page: PageRequest) -> Page[RankPosition]:
            if name == "trending":
                return await harness.storage.ranking_reader.trending(None, now, page)
            return await harness.storage.ranking_reader.most_liked(None, Window.ALL, now, page)

        assert [placed.rank for placed in await read_pages(read_page, 25)] == list(range(1, MAX_DEPTH + 1))

    @pytest.mark.parametrize("name", RANKINGS)
    async def test_position_of_unknown_snapshot_is_expired(self, harness: StorageHarness, name: str) -> None:
        posts = await add_liked_posts(harness, 1, 0)
        with pytest.raises(CursorExpired):
            await read_ranking(harness, name, PageRequest(1, Position(posts[0].id, 1.0, 1)))

    @pytest.mark.parametrize("name", RANKINGS)
    async def test_likes_and_unlikes_change_rank(self, harness: StorageHarness, name: str) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        first, second = await harness.add_post(ada, at=at(0)), await harness.add_post(bob, at=at(1))

        await harness.like(first, ada)
        assert post_ids((await read_ranking(harness, name, ALL)).items) == [first.id, second.id]

        await harness.unlike(first, ada)
        assert post_ids((await read_ranking(harness, name, ALL)).items) == [second.id, first.id]

    @pytest.mark.parametrize("name", RANKINGS)
    async def test_likes_of_deleted_user_do_not_count(self, harness: StorageHarness, name: str) -> None:
        ada, bob, fan = await harness.add_user("ada"), await harness.add_user("bob"), await harness.add_user("fan")
        first, second = await harness.add_post(ada, at=at(0)), await harness.add_post(bob, at=at(1))
        await harness.like(first, fan)

        await harness.delete_user(fan)

        assert post_ids((await read_ranking(harness, name, ALL)).items) == [second.id, first.id]

    @pytest.mark.parametrize("name", RANKINGS)
    async def test_followers_only_posts_are_not_ranked(self, harness: StorageHarness, name: str) -> None:
        ada = await harness.add_user("ada")
        public, _ = await harness.add_post(ada), await harness.add_post(ada, private=True)

        assert post_ids((await read_ranking(harness, name, ALL)).items) == [public.id]

    @pytest.mark.parametrize("name", RANKINGS)
    async def test_view_states_like_of_viewer(self, harness: StorageHarness, name: str) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        first, second = await harness.add_post(ada), await harness.add_post(bob)
        for post in (first, second):
            await harness.like(post, bob)

        for viewer, liked in ((None, None), (ada.id, False), (bob.id, True)):
            page = await read_ranking(harness, name, PageRequest(1), viewer)
            further = await read_ranking(harness, name, PageRequest(1, page.next), viewer)
            assert [placed.view.liked for placed in (*page.items, *further.items)] == [liked, liked]

    async def test_ranking_without_posts_is_empty(self, harness: StorageHarness) -> None:
        for name in RANKINGS:
            assert await read_ranking(harness, name, ALL) == Page(())
