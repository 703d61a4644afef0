"""The rules of visibility, as a table of all cases."""

from itertools import product

import pytest

from domain import visibility
from domain.posts import Visibility
from domain.visibility import Standing

STRANGER, FOLLOWER, AUTHOR = Standing(), Standing(follows=True), Standing(is_self=True)
PUBLIC, FOLLOWERS = Visibility.PUBLIC, Visibility.FOLLOWERS


@pytest.mark.parametrize(
    ("chosen", "private", "audience"),
    [(PUBLIC, False, PUBLIC), (PUBLIC, True, FOLLOWERS), (FOLLOWERS, False, FOLLOWERS), (FOLLOWERS, True, FOLLOWERS)],
)
def test_a_private_account_shows_its_posts_to_followers_only(
    chosen: Visibility, private: bool, audience: Visibility
) -> None:
    assert visibility.audience(chosen, private=private) is audience


@pytest.mark.parametrize(
    ("standing", "public", "followers"), [(STRANGER, True, False), (FOLLOWER, True, True), (AUTHOR, True, True)]
)
def test_who_sees_a_post(standing: Standing, public: bool, followers: bool) -> None:
    assert (visibility.can_see(standing, PUBLIC), visibility.can_see(standing, FOLLOWERS)) == (public, followers)


@pytest.mark.parametrize("audience", Visibility)
def test_a_block_hides_everything_and_a_mute_only_lists(audience: Visibility) -> None:
    for follows, muted in product([False, True], repeat=2):
        blocked = Standing(follows=follows, blocked=True, muted=muted)
        assert not visibility.can_see(blocked, audience)
        assert not visibility.is_listed(blocked, audience)
        assert not visibility.is_notified(blocked)
    muted_friend = Standing(follows=True, muted=True)
    assert visibility.can_see(muted_friend, audience)
    assert not visibility.is_listed(muted_friend, audience)
    assert not visibility.is_notified(muted_friend)


def test_lists_of_a_private_person_are_for_followers_and_for_themselves() -> None:
    shown = [visibility.can_see_lists(standing, private=True) for standing in (STRANGER, FOLLOWER, AUTHOR)]
    assert shown == [False, True, True]
    assert visibility.can_see_lists(STRANGER, private=False)


def test_a_comment_is_hidden_by_a_block_of_the_viewer_or_of_the_posts_author() -> None:
    blocked = Standing(blocked=True)
    assert visibility.can_see_comment(STRANGER, FOLLOWER)
    assert not visibility.can_see_comment(blocked, STRANGER)
    assert not visibility.can_see_comment(STRANGER, blocked)


@pytest.mark.parametrize(
    ("blocked_by_owner", "blocks_owner", "found"),
    [(False, False, True), (True, False, False), (False, True, True), (True, True, True)],
)
def test_who_is_blocked_finds_the_other_only_to_unblock_them(
    blocked_by_owner: bool, blocks_owner: bool, found: bool
) -> None:
    assert visibility.can_find_profile(blocked_by_owner=blocked_by_owner, blocks_owner=blocks_owner) is found
