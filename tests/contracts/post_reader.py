"""The contract of `PostReader`: lists of posts."""

from collections.abc import Sequence
from dataclasses import replace

from domain.captions import AltText, Source, Suggestion
from domain.ids import PostId
from domain.images import Size
from domain.pages import PageRequest, Position
from domain.post_views import PostView
from domain.posts import Post
from domain.profiles import Avatar, Byline
from domain.rankings import Window
from domain.understanding import Task
from tests.contracts.harness import StorageHarness, at
from tests.contracts.images import LABELS
from tests.contracts.paging import ALL, assert_pages


def post_ids(views: Sequence[PostView]) -> list[PostId]:
    return [view.post.id for view in views]


def ids_newest_first(*posts: Post) -> list[PostId]:
    return sorted((post.id for post in posts), reverse=True)


class PostReaderContract:
    async def test_post_view_is_complete(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada", display_name="Ada L.")
        face, image = await harness.add_image(ada), await harness.add_image(ada)
        post = await harness.add_post(ada, image, text="a dog")
        described = replace(
            image,
            post_id=post.id,
            labels=LABELS,
            alt_text=AltText("a golden dog", Source.HUMAN),
            suggestion=Suggestion("a dog", Source.LABELS, None),
            understanding={
                **image.understanding,
                Task.CLASSIFICATION: image.understanding[Task.CLASSIFICATION].mark_done("m@1"),
            },
        )
        async with harness.storage.begin() as uow:
            await uow.users.save(replace(ada, avatar_image_id=face.id))
            await uow.images.save_labels({image.id: described.labels})
            await uow.images.save_description(described)
            await uow.understandings.save(described.understanding[Task.CLASSIFICATION])
            await uow.commit()

        avatar = Avatar(face.id, face.renditions[Size.THUMB].key, face.renditions[Size.MEDIUM].key)
        author = Byline(ada.id, "ada", "Ada L.", avatar)
        assert await harness.storage.post_reader.by_id(post.id, ada.id) == PostView(
            post, author, (described,), liked=False
        )
        assert await harness.storage.post_reader.by_id(post.id, None) == PostView(
            post, author, (described.redact_for(None),)
        )

    async def test_view_states_like_of_viewer(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        post = await harness.add_post(ada)
        await harness.like(post, bob)

        for viewer, liked in ((None, None), (ada.id, False), (bob.id, True)):
            for found in (
                await harness.storage.post_reader.newest(viewer, ALL),
                await harness.storage.post_reader.of_author(ada.id, viewer, ALL),
            ):
                assert [(view.liked, view.post.like_count) for view in found.items] == [(liked, 1)]

    async def test_followers_only_post_is_visible_to_followers_and_author(self, harness: StorageHarness) -> None:
        ada, bob, eve = await harness.add_user("ada"), await harness.add_user("bob"), await harness.add_user("eve")
        post = await harness.add_post(ada, private=True)
        await harness.follow(bob, ada)
        await harness.like(post, ada)

        for viewer in (eve.id, None):
            assert await harness.storage.post_reader.by_id(post.id, viewer) is None
            assert (await harness.storage.post_reader.of_author(ada.id, viewer, ALL)).items == ()
            assert (await harness.storage.post_reader.liked_by(ada.id, viewer, ALL)).items == ()
            assert (await harness.storage.user_reader.likers(post.id, viewer, ALL)).items == ()
            assert (await harness.storage.comment_reader.of_post(post.id, viewer, ALL)).items == ()
        assert (await harness.storage.post_reader.newest(ada.id, ALL)).items == ()

        for viewer in (ada.id, bob.id):
            assert await harness.storage.post_reader.by_id(post.id, viewer) is not None
            for found in (
                await harness.storage.post_reader.of_author(ada.id, viewer, ALL),
                await harness.storage.post_reader.liked_by(ada.id, viewer, ALL),
                await harness.storage.post_reader.home(viewer, ALL),
            ):
                assert post_ids(found.items) == [post.id]

    async def test_missing_post_is_none(self, harness: StorageHarness) -> None:
        assert await harness.storage.post_reader.by_id(PostId(harness.new_id()), None) is None

    async def test_posts_are_sorted_newest_first_and_paged(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        posts = [await harness.add_post(author) for author in (ada, bob, ada, bob, bob)]

        found = await harness.storage.post_reader.newest(ada.id, ALL)

        assert post_ids(found.items) == ids_newest_first(*posts)
        await assert_pages(lambda page: harness.storage.post_reader.newest(ada.id, page), found.items)

    async def test_posts_of_author(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        posts = await harness.add_posts(ada, 4)
        await harness.add_post(bob)

        found = await harness.storage.post_reader.of_author(ada.id, None, ALL)

        assert post_ids(found.items) == ids_newest_first(*posts)
        await assert_pages(lambda page: harness.storage.post_reader.of_author(ada.id, None, page), found.items)

    async def test_liked_posts_are_sorted_by_newest_like(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        posts = await harness.add_posts(ada, 5)
        for index in (3, 0, 4, 1):
            await harness.like(posts[index], bob)
        await harness.like(posts[2], ada)
        await harness.like(posts[3], bob)

        found = await harness.storage.post_reader.liked_by(bob.id, bob.id, ALL)

        assert post_ids(found.items) == [posts[index].id for index in (1, 4, 0, 3)]
        assert all(view.liked for view in found.items)
        await assert_pages(lambda page: harness.storage.post_reader.liked_by(bob.id, bob.id, page), found.items)

    async def test_simultaneous_likes_are_paged_without_repetition(self, harness: StorageHarness) -> None:
        ada, moment = await harness.add_user("ada"), harness.now()
        posts = await harness.add_posts(ada, 4)
        for post in posts:
            await harness.like(post, ada, at=moment)

        found = await harness.storage.post_reader.liked_by(ada.id, None, ALL)

        assert post_ids(found.items) == ids_newest_first(*posts)
        await assert_pages(lambda page: harness.storage.post_reader.liked_by(ada.id, None, page), found.items)

    async def test_positions_contain_time_of_like_or_id(self, harness: StorageHarness) -> None:
        ada, moment = await harness.add_user("ada"), at(0.123457)
        posts = await harness.add_posts(ada, 2)
        for post in posts:
            await harness.like(post, ada, at=moment)

        liked = await harness.storage.post_reader.liked_by(ada.id, None, PageRequest(1))
        newest = await harness.storage.post_reader.newest(None, PageRequest(1))

        assert liked.next == Position(posts[1].id, moment.timestamp())
        assert newest.next == Position(posts[1].id)

    async def test_home_contains_own_posts_and_those_of_followees(self, harness: StorageHarness) -> None:
        ada, bob, eve, mia = [await harness.add_user(name) for name in ("ada", "bob", "eve", "mia")]
        shown = [await harness.add_post(author) for author in (bob, ada, mia, bob, ada)]
        await harness.add_post(eve)
        await harness.follow(ada, bob)
        await harness.follow(ada, mia)
        await harness.follow(eve, ada)

        found = await harness.storage.post_reader.home(ada.id, ALL)

        assert post_ids(found.items) == ids_newest_first(*shown)
        assert [view.liked for view in found.items] == [False] * 5
        await assert_pages(lambda page: harness.storage.post_reader.home(ada.id, page), found.items)

    async def test_unfollow_removes_posts_from_home(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        own, _ = await harness.add_post(ada), await harness.add_post(bob)
        await harness.follow(ada, bob)
        assert len((await harness.storage.post_reader.home(ada.id, ALL)).items) == 2

        await harness.unfollow(ada, bob)

        assert post_ids((await harness.storage.post_reader.home(ada.id, ALL)).items) == [own.id]

    async def test_deleted_post_leaves_all_lists(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        kept, gone = await harness.add_post(ada), await harness.add_post(ada)
        for post in (kept, gone):
            await harness.like(post, ada)

        await harness.delete_post(gone)

        for found in (
            await harness.storage.post_reader.newest(None, ALL),
            await harness.storage.post_reader.home(ada.id, ALL),
            await harness.storage.post_reader.of_author(ada.id, None, ALL),
            await harness.storage.post_reader.liked_by(ada.id, None, ALL),
        ):
            assert post_ids(found.items) == [kept.id]
        for ranking in (
            await harness.storage.ranking_reader.most_liked(None, Window.ALL, harness.now(), ALL),
            await harness.storage.ranking_reader.trending(None, harness.now(), ALL),
        ):
            assert [placed.view.post.id for placed in ranking.items] == [kept.id]

    async def test_paging_neither_repeats_nor_skips_posts(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        posts = await harness.add_posts(ada, 5)

        first = await harness.storage.post_reader.newest(None, PageRequest(2))
        await harness.add_post(ada)
        await harness.delete_post(posts[3])
        second = await harness.storage.post_reader.newest(None, PageRequest(2, first.next))
        third = await harness.storage.post_reader.newest(None, PageRequest(2, second.next))

        assert post_ids([*first.items, *second.items, *third.items]) == ids_newest_first(*posts)
        assert third.next is None
