"""Following, liking, commenting and rankings, through the services."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.errors import Forbidden, Invalid, NotFound
from domain.follows import CannotFollowSelf, FollowLimitReached
from domain.pages import PageRequest
from domain.posts import PostNotFound, Visibility
from domain.rankings import HALF_LIFE, Window
from domain.users import UserNotFound
from tests.containers import memory_container
from tests.services.conftest import ServiceHarness

PAGE = PageRequest()


async def test_follow_and_unfollow_change_home_feed(harness: ServiceHarness) -> None:
    ada, bob, eve = [await harness.sign_up(name) for name in ("ada", "bob", "eve")]
    own, theirs = await harness.publish(ada, "own", 1), await harness.publish(bob, "theirs", 2)
    await harness.publish(eve, "by another user", 3)
    following, browsing = harness.container.following(), harness.container.browsing()

    await following.follow(ada, "Bob")
    await following.follow(ada, "bob")
    home = await browsing.home(ada, PAGE)
    assert [item.post.id for item in home.items] == [theirs.post.id, own.post.id]
    assert (await harness.container.accounts().profile("bob")).user.followers_count == 1
    relation = (await harness.container.accounts().profile("bob", ada)).relation
    assert relation is not None
    assert (relation.follows, relation.followed_by) == (True, False)

    await following.unfollow(ada, "bob")
    await following.unfollow(ada, "bob")
    assert [item.post.id for item in (await browsing.home(ada, PAGE)).items] == [own.post.id]
    assert (await harness.container.accounts().profile("ada")).user.following_count == 0


async def test_following_oneself_or_missing_user_is_refused(harness: ServiceHarness) -> None:
    ada = await harness.sign_up("ada")

    with pytest.raises(CannotFollowSelf):
        await harness.container.following().follow(ada, "ADA")
    with pytest.raises(UserNotFound):
        await harness.container.following().follow(ada, "nobody")


async def test_follow_limit_is_reported() -> None:
    harness = ServiceHarness(memory_container(config={"max_follows": 2}), clock=None)  # type: ignore[arg-type]  # no clock needed
    ada = await harness.sign_up("ada")
    for name in ("bob", "eve", "mia"):
        await harness.sign_up(name)
    await harness.container.following().follow(ada, "bob")
    await harness.container.following().follow(ada, "eve")

    with pytest.raises(FollowLimitReached) as refused:
        await harness.container.following().follow(ada, "mia")

    assert refused.value.facts["limit"] == 2
    await harness.container.following().unfollow(ada, "bob")
    await harness.container.following().follow(ada, "mia")


async def test_followers_and_followees_are_sorted_newest_first(harness: ServiceHarness) -> None:
    ada, bob = await harness.sign_up("ada"), await harness.sign_up("bob")
    eve = await harness.sign_up("eve")
    for follower in (bob, eve):
        await harness.container.following().follow(follower, "ada")
        harness.clock.advance(timedelta(seconds=1))

    followers = await harness.container.following().followers("ada", None, PAGE)

    assert [profile.user.id for profile in followers.items] == [eve, bob]
    assert [p.user.id for p in (await harness.container.following().following("bob", None, PAGE)).items] == [ada]


async def test_like_counts_once_and_can_be_removed(harness: ServiceHarness) -> None:
    ada, bob = await harness.sign_up("ada"), await harness.sign_up("bob")
    post = (await harness.publish(ada)).post
    liking = harness.container.liking()

    assert (await liking.like(post.id, bob)).like_count == 1
    again = await liking.like(post.id, bob)
    assert (again.like_count, again.liked) == (1, True)
    assert [profile.user.id for profile in (await liking.likers(post.id, None, PAGE)).items] == [bob]
    assert (await harness.container.browsing().post(post.id, bob)).liked is True
    assert (await harness.container.browsing().post(post.id, None)).liked is None

    assert (await liking.unlike(post.id, bob)).like_count == 0
    assert (await liking.unlike(post.id, bob)).liked is False


async def test_deleted_post_cannot_be_liked(harness: ServiceHarness) -> None:
    ada = await harness.sign_up("ada")
    post = (await harness.publish(ada)).post
    await harness.container.posting().delete(post.id, ada)

    for act in (harness.container.liking().like, harness.container.liking().unlike):
        with pytest.raises(PostNotFound):
            await act(post.id, ada)
    with pytest.raises(PostNotFound):
        await harness.container.liking().likers(post.id, ada, PAGE)


async def test_comments_are_sorted_oldest_first_and_counted(harness: ServiceHarness) -> None:
    ada, bob = await harness.sign_up("ada"), await harness.sign_up("bob")
    post = (await harness.publish(ada)).post
    commenting = harness.container.commenting()
    first = await commenting.comment(post.id, bob, "first")
    second = await commenting.comment(post.id, ada, "second")

    thread = await commenting.of_post(post.id, None, PAGE)

    assert [view.comment.id for view in thread.items] == [first.comment.id, second.comment.id]
    assert (await harness.container.browsing().post(post.id, None)).post.comment_count == 2


async def test_hidden_post_cannot_be_commented_or_liked(harness: ServiceHarness) -> None:
    ada, bob = await harness.sign_up("ada"), await harness.sign_up("bob")
    post = (await harness.publish(ada)).post
    async with harness.container.storage().begin() as uow:
        await uow.posts.save(replace(post, visibility=Visibility.FOLLOWERS))
        await uow.commit()

    with pytest.raises(PostNotFound):
        await harness.container.commenting().comment(post.id, bob, "seen you")
    with pytest.raises(PostNotFound):
        await harness.container.commenting().of_post(post.id, bob, PAGE)
    with pytest.raises(PostNotFound):
        await harness.container.liking().like(post.id, bob)
    with pytest.raises(PostNotFound):
        await harness.container.liking().likers(post.id, bob, PAGE)

    standing = (await harness.container.browsing().post(post.id, ada)).post
    assert (standing.comment_count, standing.like_count) == (0, 0)


async def test_comment_can_be_deleted_by_its_author_or_author_of_post(harness: ServiceHarness) -> None:
    ada, bob, eve = [await harness.sign_up(name) for name in ("ada", "bob", "eve")]
    post = (await harness.publish(ada)).post
    commenting = harness.container.commenting()
    for deleter in (bob, ada):
        comment = (await commenting.comment(post.id, bob, "hm")).comment
        with pytest.raises(Forbidden):
            await commenting.delete(comment.id, eve)
        await commenting.delete(comment.id, deleter)
        with pytest.raises(NotFound):
            await commenting.delete(comment.id, deleter)

    assert (await harness.container.browsing().post(post.id, None)).post.comment_count == 0


@pytest.mark.parametrize("text", ["", "   ", "x" * 1001, "nul\0", "half \ud800 pair"])
async def test_comment_must_be_valid_text(harness: ServiceHarness, text: str) -> None:
    ada = await harness.sign_up("ada")
    post = (await harness.publish(ada)).post

    with pytest.raises(Invalid):
        await harness.container.commenting().comment(post.id, ada, text)


async def test_most_liked_is_sorted_and_numbered_across_pages(harness: ServiceHarness) -> None:
    ada, bob = await harness.sign_up("ada"), await harness.sign_up("bob")
    posts = [(await harness.publish(ada, seed=seed)).post for seed in range(4)]
    for liker, index in ((ada, 1), (bob, 1), (ada, 0), (bob, 2)):
        await harness.container.liking().like(posts[index].id, liker)
    ranking = harness.container.ranking()

    first = await ranking.most_liked(None, Window.ALL, PageRequest(limit=3))
    second = await ranking.most_liked(None, Window.ALL, PageRequest(limit=3, after=first.next))

    ranked = [*first.items, *second.items]
    assert [item.view.post.id for item in ranked] == [posts[index].id for index in (1, 2, 0, 3)]
    assert [item.rank for item in ranked] == [1, 2, 3, 4]
    assert [(item.score, item.why.likes) for item in ranked] == [(2, 2), (1, 1), (1, 1), (0, 0)]
    assert second.next is None


@pytest.mark.parametrize(("window", "days"), [("day", 1), ("week", 7), ("month", 30), ("year", 365)])
async def test_window_contains_posts_published_within_it(harness: ServiceHarness, window: str, days: int) -> None:
    ada = await harness.sign_up("ada")
    await harness.publish(ada, "too old", 1)
    harness.clock.advance(timedelta(seconds=1))
    inside = await harness.publish(ada, "just inside", 2)
    harness.clock.advance(timedelta(days=days))

    found = await harness.container.ranking().most_liked(None, Window(window), PAGE)

    assert [item.view.post.id for item in found.items] == [inside.post.id]


async def test_newer_post_with_fewer_likes_trends_after_half_life(harness: ServiceHarness) -> None:
    ada, bob, eve = [await harness.sign_up(name) for name in ("ada", "bob", "eve")]
    old = await harness.publish(ada, "old", 1)
    await harness.container.liking().like(old.post.id, ada)
    harness.clock.advance(HALF_LIFE - timedelta(minutes=1))
    early = await harness.publish(bob, "a little too early", 2)
    harness.clock.advance(timedelta(minutes=2))
    late = await harness.publish(eve, "late enough", 3)

    found = await harness.container.ranking().trending(None, PAGE)

    assert [item.view.post.id for item in found.items] == [late.post.id, old.post.id, early.post.id]
    why = found.items[1].why
    assert (why.likes, why.half_life_seconds) == (1, HALF_LIFE.total_seconds())
    assert found.items[1].score == pytest.approx(1 - why.age_seconds / HALF_LIFE.total_seconds())
