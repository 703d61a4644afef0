"""Lists of posts."""

from collections.abc import Sequence
from dataclasses import replace

from domain.captions import AltText, Source, Suggestion
from domain.feeds import PostView
from domain.ids import PostId
from domain.images import Size
from domain.pages import PageRequest, Position
from domain.people import Avatar, Byline
from domain.posts import Post
from domain.ranking import Window
from domain.understanding import Task
from tests.contracts.images import LABELS
from tests.contracts.paging import ALL, assert_pages
from tests.contracts.world import World, at


def ids(views: Sequence[PostView]) -> list[PostId]:
    return [view.post.id for view in views]


def newest_first(*posts: Post) -> list[PostId]:
    return sorted((post.id for post in posts), reverse=True)


class FeedsContract:
    async def test_a_post_is_shown_with_all_that_belongs_to_it(self, world: World) -> None:
        ada = await world.user("ada", display_name="Ada L.")
        face, image = await world.image(ada), await world.image(ada)
        post = await world.post(ada, image, text="a dog")
        told = replace(
            image,
            post_id=post.id,
            labels=LABELS,
            alt_text=AltText("a golden dog", Source.HUMAN),
            suggestion=Suggestion("a dog", Source.LABELS, None),
            understanding={
                **image.understanding,
                Task.CLASSIFICATION: image.understanding[Task.CLASSIFICATION].done("m@1"),
            },
        )
        async with world.storage.begin() as uow:
            await uow.users.save(replace(ada, avatar_image_id=face.id))
            await uow.images.label(image.id, told.labels)
            await uow.images.describe(told)
            await uow.understandings.save(told.understanding[Task.CLASSIFICATION])
            await uow.commit()

        avatar = Avatar(face.id, face.renditions[Size.THUMB].key, face.renditions[Size.MEDIUM].key)
        author = Byline(ada.id, "ada", "Ada L.", avatar)
        assert await world.storage.feeds.post(post.id, ada.id) == PostView(post, author, (told,), liked=False)
        assert await world.storage.feeds.post(post.id, None) == PostView(post, author, (told.visible_to(None),))

    async def test_the_viewer_sees_whether_they_like_it(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        post = await world.post(ada)
        await world.like(post, bob)

        for viewer, liked in ((None, None), (ada.id, False), (bob.id, True)):
            for found in (
                await world.storage.feeds.newest(viewer, ALL),
                await world.storage.feeds.of_author(ada.id, viewer, ALL),
            ):
                assert [(view.liked, view.post.like_count) for view in found.items] == [(liked, 1)]

    async def test_a_post_for_followers_is_shown_to_them_and_its_author(self, world: World) -> None:
        ada, bob, eve = await world.user("ada"), await world.user("bob"), await world.user("eve")
        post = await world.post(ada, private=True)
        await world.follow(bob, ada)
        await world.like(post, ada)

        for viewer in (eve.id, None):
            assert await world.storage.feeds.post(post.id, viewer) is None
            assert (await world.storage.feeds.of_author(ada.id, viewer, ALL)).items == ()
            assert (await world.storage.feeds.liked_by(ada.id, viewer, ALL)).items == ()
            assert (await world.storage.people.who_liked(post.id, viewer, ALL)).items == ()
            assert (await world.storage.threads.under(post.id, viewer, ALL)).items == ()
        assert (await world.storage.feeds.newest(ada.id, ALL)).items == ()

        for viewer in (ada.id, bob.id):
            assert await world.storage.feeds.post(post.id, viewer) is not None
            for found in (
                await world.storage.feeds.of_author(ada.id, viewer, ALL),
                await world.storage.feeds.liked_by(ada.id, viewer, ALL),
                await world.storage.feeds.home(viewer, ALL),
            ):
                assert ids(found.items) == [post.id]

    async def test_an_unknown_post_is_none(self, world: World) -> None:
        assert await world.storage.feeds.post(PostId(world.id()), None) is None

    async def test_newest_posts_come_first_and_are_paged(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        posts = [await world.post(author) for author in (ada, bob, ada, bob, bob)]

        found = await world.storage.feeds.newest(ada.id, ALL)

        assert ids(found.items) == newest_first(*posts)
        await assert_pages(lambda page: world.storage.feeds.newest(ada.id, page), found.items)

    async def test_one_persons_posts(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        posts = await world.posts(ada, 4)
        await world.post(bob)

        found = await world.storage.feeds.of_author(ada.id, None, ALL)

        assert ids(found.items) == newest_first(*posts)
        await assert_pages(lambda page: world.storage.feeds.of_author(ada.id, None, page), found.items)

    async def test_liked_posts_stand_newest_like_first(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        posts = await world.posts(ada, 5)
        for index in (3, 0, 4, 1):
            await world.like(posts[index], bob)
        await world.like(posts[2], ada)
        await world.like(posts[3], bob)

        found = await world.storage.feeds.liked_by(bob.id, bob.id, ALL)

        assert ids(found.items) == [posts[index].id for index in (1, 4, 0, 3)]
        assert all(view.liked for view in found.items)
        await assert_pages(lambda page: world.storage.feeds.liked_by(bob.id, bob.id, page), found.items)

    async def test_likes_of_one_moment_are_paged_without_repeat(self, world: World) -> None:
        ada, moment = await world.user("ada"), world.now()
        posts = await world.posts(ada, 4)
        for post in posts:
            await world.like(post, ada, at=moment)

        found = await world.storage.feeds.liked_by(ada.id, None, ALL)

        assert ids(found.items) == newest_first(*posts)
        await assert_pages(lambda page: world.storage.feeds.liked_by(ada.id, None, page), found.items)

    async def test_a_position_is_the_moment_of_the_like_or_the_id_alone(self, world: World) -> None:
        ada, moment = await world.user("ada"), at(0.123457)
        posts = await world.posts(ada, 2)
        for post in posts:
            await world.like(post, ada, at=moment)

        liked = await world.storage.feeds.liked_by(ada.id, None, PageRequest(1))
        newest = await world.storage.feeds.newest(None, PageRequest(1))

        assert liked.next == Position(posts[1].id, moment.timestamp())
        assert newest.next == Position(posts[1].id)

    async def test_home_holds_ones_own_posts_and_those_of_the_followed(self, world: World) -> None:
        ada, bob, eve, mia = [await world.user(name) for name in ("ada", "bob", "eve", "mia")]
        shown = [await world.post(author) for author in (bob, ada, mia, bob, ada)]
        await world.post(eve)
        await world.follow(ada, bob)
        await world.follow(ada, mia)
        await world.follow(eve, ada)

        found = await world.storage.feeds.home(ada.id, ALL)

        assert ids(found.items) == newest_first(*shown)
        assert [view.liked for view in found.items] == [False] * 5
        await assert_pages(lambda page: world.storage.feeds.home(ada.id, page), found.items)

    async def test_unfollowing_empties_home_at_once(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        own, _ = await world.post(ada), await world.post(bob)
        await world.follow(ada, bob)
        assert len((await world.storage.feeds.home(ada.id, ALL)).items) == 2

        await world.unfollow(ada, bob)

        assert ids((await world.storage.feeds.home(ada.id, ALL)).items) == [own.id]

    async def test_a_deleted_post_is_gone_from_every_list_at_once(self, world: World) -> None:
        ada = await world.user("ada")
        kept, gone = await world.post(ada), await world.post(ada)
        for post in (kept, gone):
            await world.like(post, ada)

        await world.delete_post(gone)

        for found in (
            await world.storage.feeds.newest(None, ALL),
            await world.storage.feeds.home(ada.id, ALL),
            await world.storage.feeds.of_author(ada.id, None, ALL),
            await world.storage.feeds.liked_by(ada.id, None, ALL),
        ):
            assert ids(found.items) == [kept.id]
        for ranking in (
            await world.storage.rankings.most_liked(None, Window.ALL, world.now(), ALL),
            await world.storage.rankings.trending(None, world.now(), ALL),
        ):
            assert [placed.view.post.id for placed in ranking.items] == [kept.id]

    async def test_a_post_between_two_pages_neither_repeats_nor_skips(self, world: World) -> None:
        ada = await world.user("ada")
        posts = await world.posts(ada, 5)

        first = await world.storage.feeds.newest(None, PageRequest(2))
        await world.post(ada)
        await world.delete_post(posts[3])
        second = await world.storage.feeds.newest(None, PageRequest(2, first.next))
        third = await world.storage.feeds.newest(None, PageRequest(2, second.next))

        assert ids([*first.items, *second.items, *third.items]) == newest_first(*posts)
        assert third.next is None
