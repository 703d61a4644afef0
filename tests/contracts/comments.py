"""Comments and the threads they stand in."""

from asyncio import gather
from dataclasses import replace

import pytest

from domain.comments import Comment, CommentView
from domain.ids import CommentId, PostId
from domain.images import Size
from domain.pages import PageRequest
from domain.people import Avatar, Byline
from domain.users import UserNotFound
from tests.contracts.paging import ALL, assert_pages
from tests.contracts.world import World


class CommentsContract:
    async def test_a_comment_comes_back_as_it_was_stored(self, world: World) -> None:
        ada = await world.user("ada")
        post = await world.post(ada)
        comment = await world.comment(post, ada, "hé 🐕")

        async with world.storage.begin() as uow:
            assert await uow.comments.get(comment.id) == comment
            assert await uow.comments.get(CommentId(world.id())) is None
        assert (await world.standing(post)).comment_count == 1

    async def test_nobody_comments_who_has_just_gone(self, world: World) -> None:
        post = await world.post(await world.user("ada"))

        with pytest.raises(UserNotFound):
            await world.comment(post, world.a_user("bob"))

        assert (await world.standing(post)).comment_count == 0

    async def test_many_deletions_at_once_count_once(self, world: World) -> None:
        ada = await world.user("ada")
        post = await world.post(ada)
        gone, kept = await world.comment(post, ada), await world.comment(post, ada)

        await gather(*(world.delete_comment(gone) for _ in range(8)))
        await world.delete_comment(gone)

        assert (await world.standing(post)).comment_count == 1
        assert [view.comment for view in (await world.storage.threads.under(post.id, None, ALL)).items] == [kept]

    async def test_many_at_once_are_all_counted(self, world: World) -> None:
        ada = await world.user("ada")
        post = await world.post(ada)

        await gather(*(world.comment(post, ada) for _ in range(10)))

        assert (await world.standing(post)).comment_count == 10
        assert list(await world.storage.counters.verify()) == []


class ThreadsContract:
    async def test_a_comment_stands_beside_its_author(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        face = await world.image(bob)
        async with world.storage.begin() as uow:
            await uow.users.save(replace(bob, avatar_image_id=face.id))
            await uow.commit()
        post = await world.post(ada)
        comment = await world.comment(post, bob)

        view = await world.storage.threads.comment(comment.id, None)

        avatar = Avatar(face.id, face.renditions[Size.THUMB].key, face.renditions[Size.MEDIUM].key)
        assert view == CommentView(comment, Byline(bob.id, "bob", "Bob", avatar))
        assert (await world.storage.threads.under(post.id, ada.id, ALL)).items == (view,)

    async def test_what_is_absent_is_none(self, world: World) -> None:
        ada = await world.user("ada")
        comment = await world.comment(await world.post(ada), ada)
        await world.delete_comment(comment)

        assert await world.storage.threads.comment(comment.id, ada.id) is None
        assert (await world.storage.threads.under(PostId(world.id()), ada.id, ALL)).items == ()

    async def test_under_a_hidden_post_all_is_hidden(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        comment = await world.comment(await world.post(ada, private=True), ada)

        assert await world.storage.threads.comment(comment.id, bob.id) is None
        assert await world.storage.threads.comment(comment.id, None) is None
        assert await world.storage.threads.comment(comment.id, ada.id) is not None

    async def test_the_oldest_comes_first(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        post, other = await world.posts(ada, 2)
        comments: list[Comment] = []
        for author in (ada, bob, bob, ada, bob):
            comments.append(await world.comment(post, author))
            await world.comment(other, author)

        found = await world.storage.threads.under(post.id, None, ALL)

        assert [view.comment for view in found.items] == comments
        await assert_pages(lambda page: world.storage.threads.under(post.id, None, page), found.items)

    async def test_comments_between_two_pages_neither_repeat_nor_skip(self, world: World) -> None:
        ada = await world.user("ada")
        post = await world.post(ada)
        comments = [await world.comment(post, ada) for _ in range(4)]

        first = await world.storage.threads.under(post.id, None, PageRequest(2))
        await world.delete_comment(comments[1])
        comments.append(await world.comment(post, ada))
        second = await world.storage.threads.under(post.id, None, PageRequest(3, first.next))

        assert [view.comment for view in (*first.items, *second.items)] == comments
        assert second.next is None

    async def test_between_people_apart_a_comment_is_shown_to_nobody(self, world: World) -> None:
        ada, bob, eve = [await world.user(name) for name in ("ada", "bob", "eve")]
        post = await world.post(ada)
        theirs, hers = await world.comment(post, bob), await world.comment(post, ada)
        for one, other in ((ada, bob), (bob, ada)):
            await world.block(one, other)
            for viewer in (None, eve.id, ada.id):
                found = await world.storage.threads.under(post.id, viewer, ALL)
                assert [view.comment for view in found.items] == [hers]
                assert await world.storage.threads.comment(theirs.id, viewer) is None
            await world.unblock(one, other)
        found = await world.storage.threads.under(post.id, None, ALL)
        assert [view.comment for view in found.items] == [theirs, hers]
