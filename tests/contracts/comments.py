"""The contracts of comments and their lists."""

from asyncio import gather
from dataclasses import replace

import pytest

from domain.comments import Comment, CommentView
from domain.ids import CommentId, PostId
from domain.images import Size
from domain.pages import PageRequest
from domain.profiles import Avatar, Byline
from domain.users import UserNotFound
from tests.contracts.harness import StorageHarness
from tests.contracts.paging import ALL, assert_pages


class CommentsContract:
    async def test_stored_comment_is_read_unchanged(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        post = await harness.add_post(ada)
        comment = await harness.add_comment(post, ada, "hé 🐕")

        async with harness.storage.begin() as uow:
            assert await uow.comments.get(comment.id) == comment
            assert await uow.comments.get(CommentId(harness.new_id())) is None
        assert (await harness.read_post(post)).comment_count == 1

    async def test_deleted_user_cannot_comment(self, harness: StorageHarness) -> None:
        post = await harness.add_post(await harness.add_user("ada"))

        with pytest.raises(UserNotFound):
            await harness.add_comment(post, harness.new_user("bob"))

        assert (await harness.read_post(post)).comment_count == 0

    async def test_concurrent_deletions_count_once(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        post = await harness.add_post(ada)
        gone, kept = await harness.add_comment(post, ada), await harness.add_comment(post, ada)

        await gather(*(harness.delete_comment(gone) for _ in range(8)))
        await harness.delete_comment(gone)

        assert (await harness.read_post(post)).comment_count == 1
        assert [view.comment for view in (await harness.storage.comment_reader.of_post(post.id, None, ALL)).items] == [
            kept
        ]

    async def test_concurrent_comments_are_all_counted(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        post = await harness.add_post(ada)

        await gather(*(harness.add_comment(post, ada) for _ in range(10)))

        assert (await harness.read_post(post)).comment_count == 10
        assert list(await harness.storage.counters.verify()) == []


class CommentReaderContract:
    async def test_comment_has_its_author(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        face = await harness.add_image(bob)
        async with harness.storage.begin() as uow:
            await uow.users.save(replace(bob, avatar_image_id=face.id))
            await uow.commit()
        post = await harness.add_post(ada)
        comment = await harness.add_comment(post, bob)

        view = await harness.storage.comment_reader.by_id(comment.id, None)

        avatar = Avatar(face.id, face.renditions[Size.THUMB].key, face.renditions[Size.MEDIUM].key)
        assert view == CommentView(comment, Byline(bob.id, "bob", "Bob", avatar))
        assert (await harness.storage.comment_reader.of_post(post.id, ada.id, ALL)).items == (view,)

    async def test_missing_comment_is_none(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        comment = await harness.add_comment(await harness.add_post(ada), ada)
        await harness.delete_comment(comment)

        assert await harness.storage.comment_reader.by_id(comment.id, ada.id) is None
        assert (await harness.storage.comment_reader.of_post(PostId(harness.new_id()), ada.id, ALL)).items == ()

    async def test_author_finds_all_own_comments_newest_first(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        posts = [await harness.add_post(ada), await harness.add_post(bob)]
        comments = [await harness.add_comment(post, ada, f"{post.text} {n}") for n in range(3) for post in posts]
        await harness.add_comment(posts[0], bob)
        await harness.block(bob, ada)

        found = (await harness.storage.comment_reader.of_author(ada.id, ALL)).items

        assert list(found) == list(reversed(comments))
        await assert_pages(lambda page: harness.storage.comment_reader.of_author(ada.id, page), found)

    async def test_comments_of_hidden_post_are_hidden(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        comment = await harness.add_comment(await harness.add_post(ada, private=True), ada)

        assert await harness.storage.comment_reader.by_id(comment.id, bob.id) is None
        assert await harness.storage.comment_reader.by_id(comment.id, None) is None
        assert await harness.storage.comment_reader.by_id(comment.id, ada.id) is not None

    async def test_comments_are_sorted_oldest_first(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        post, other = await harness.add_posts(ada, 2)
        comments: list[Comment] = []
        for author in (ada, bob, bob, ada, bob):
            comments.append(await harness.add_comment(post, author))
            await harness.add_comment(other, author)

        found = await harness.storage.comment_reader.of_post(post.id, None, ALL)

        assert [view.comment for view in found.items] == comments
        await assert_pages(lambda page: harness.storage.comment_reader.of_post(post.id, None, page), found.items)

    async def test_paging_neither_repeats_nor_skips_comments(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        post = await harness.add_post(ada)
        comments = [await harness.add_comment(post, ada) for _ in range(4)]

        first = await harness.storage.comment_reader.of_post(post.id, None, PageRequest(2))
        await harness.delete_comment(comments[1])
        comments.append(await harness.add_comment(post, ada))
        second = await harness.storage.comment_reader.of_post(post.id, None, PageRequest(3, first.next))

        assert [view.comment for view in (*first.items, *second.items)] == comments
        assert second.next is None

    async def test_comment_is_hidden_between_blocked_users(self, harness: StorageHarness) -> None:
        ada, bob, eve = [await harness.add_user(name) for name in ("ada", "bob", "eve")]
        post = await harness.add_post(ada)
        theirs, hers = await harness.add_comment(post, bob), await harness.add_comment(post, ada)
        for one, other in ((ada, bob), (bob, ada)):
            await harness.block(one, other)
            for viewer in (None, eve.id, ada.id):
                found = await harness.storage.comment_reader.of_post(post.id, viewer, ALL)
                assert [view.comment for view in found.items] == [hers]
                assert await harness.storage.comment_reader.by_id(theirs.id, viewer) is None
            await harness.unblock(one, other)
        found = await harness.storage.comment_reader.of_post(post.id, None, ALL)
        assert [view.comment for view in found.items] == [theirs, hers]
