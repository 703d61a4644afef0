"""The rules of visibility, as tables of all cases."""

from itertools import product

import pytest

from domain import visibility
from domain.posts import Visibility
from domain.visibility import ViewerRelation

OTHER, FOLLOWER, AUTHOR = ViewerRelation(), ViewerRelation(follows=True), ViewerRelation(is_self=True)
PUBLIC, FOLLOWERS = Visibility.PUBLIC, Visibility.FOLLOWERS


@pytest.mark.parametrize(
    ("chosen", "private", "audience"),
    [(PUBLIC, False, PUBLIC), (PUBLIC, True, FOLLOWERS), (FOLLOWERS, False, FOLLOWERS), (FOLLOWERS, True, FOLLOWERS)],
)
def test_posts_of_private_account_are_for_followers(chosen: Visibility, private: bool, audience: Visibility) -> None:
    assert visibility.audience(chosen, private=private) is audience


@pytest.mark.parametrize(
    ("standing", "public", "followers"), [(OTHER, True, False), (FOLLOWER, True, True), (AUTHOR, True, True)]
)
def test_visibility_of_post(standing: ViewerRelation, public: bool, followers: bool) -> None:
    assert (visibility.can_see(standing, PUBLIC), visibility.can_see(standing, FOLLOWERS)) == (public, followers)


@pytest.mark.parametrize("audience", Visibility)
def test_block_hides_everything_and_mute_hides_lists_only(audience: Visibility) -> None:
    for follows, muted in product([False, True], repeat=2):
        blocked = ViewerRelation(follows=follows, blocked=True, muted=muted)
        assert not visibility.can_see(blocked, audience)
        assert not visibility.is_listed(blocked, audience)
        assert not visibility.is_notified(blocked)
    muted_friend = ViewerRelation(follows=True, muted=True)
    assert visibility.can_see(muted_friend, audience)
    assert not visibility.is_listed(muted_friend, audience)
    assert not visibility.is_notified(muted_friend)


def test_lists_of_private_account_are_for_followers_and_owner() -> None:
    shown = [visibility.can_see_lists(standing, private=True) for standing in (OTHER, FOLLOWER, AUTHOR)]
    assert shown == [False, True, True]
    assert visibility.can_see_lists(OTHER, private=False)


@pytest.mark.parametrize("audience", Visibility)
def test_lists_for_everybody_contain_public_posts_only(audience: Visibility) -> None:
    for standing in (OTHER, FOLLOWER, AUTHOR):
        assert visibility.is_listed_publicly(standing, audience) == (audience is PUBLIC)
    assert not visibility.is_listed_publicly(ViewerRelation(follows=True, muted=True), audience)


@pytest.mark.parametrize("audience", Visibility)
def test_home_feed_contains_own_posts_and_those_of_followed_users(audience: Visibility) -> None:
    assert visibility.is_in_home_feed(AUTHOR, audience)
    assert visibility.is_in_home_feed(FOLLOWER, audience)
    assert not visibility.is_in_home_feed(OTHER, audience)
    assert not visibility.is_in_home_feed(ViewerRelation(follows=True, muted=True), audience)


def test_lists_of_people_omit_blocked_users_and_keep_muted_ones() -> None:
    assert not visibility.is_person_listed(ViewerRelation(blocked=True))
    assert visibility.is_person_listed(ViewerRelation(muted=True))
    assert not visibility.is_person_listed(ViewerRelation(), pending=True)
    assert not visibility.can_find_profile(blocked_by_owner=False, blocks_owner=False, pending=True)


def test_image_is_visible_to_owner_in_visible_post_and_as_avatar_of_public_account() -> None:
    def visible(
        standing: ViewerRelation, *, is_avatar: bool = False, private: bool = False, in_post: bool = False
    ) -> bool:
        return visibility.can_see_image(standing, is_avatar=is_avatar, private=private, in_visible_post=in_post)

    assert visible(AUTHOR, private=True)
    assert visible(OTHER, in_post=True)
    assert visible(OTHER, is_avatar=True)
    assert not visible(FOLLOWER, is_avatar=True, private=True)
    assert not visible(FOLLOWER)


@pytest.mark.parametrize("standing", [OTHER, FOLLOWER, ViewerRelation(blocked=True), ViewerRelation(muted=True)])
@pytest.mark.parametrize(
    ("is_avatar", "private", "in_visible_post", "visible"),
    [
        (False, False, False, False),  # in no post
        (False, True, False, False),
        (True, False, False, True),  # the avatar of a public account, also for blocked viewers
        (True, True, False, False),
        (False, False, True, True),
        (True, True, True, True),
    ],
)
def test_image_of_other_user_is_visible_in_visible_post_or_as_public_avatar(
    standing: ViewerRelation, is_avatar: bool, private: bool, in_visible_post: bool, visible: bool
) -> None:
    found = visibility.can_see_image(standing, is_avatar=is_avatar, private=private, in_visible_post=in_visible_post)

    assert found is visible


def test_comment_is_hidden_by_block_of_viewer_or_author() -> None:
    blocked = ViewerRelation(blocked=True)
    assert visibility.can_see_comment(OTHER, FOLLOWER)
    assert not visibility.can_see_comment(blocked, OTHER)
    assert not visibility.can_see_comment(OTHER, blocked)


@pytest.mark.parametrize(
    ("blocked_by_owner", "blocks_owner", "found"),
    [(False, False, True), (True, False, False), (False, True, True), (True, True, True)],
)
def test_blocked_profile_is_visible_only_to_blocker(blocked_by_owner: bool, blocks_owner: bool, found: bool) -> None:
    assert visibility.can_find_profile(blocked_by_owner=blocked_by_owner, blocks_owner=blocks_owner) is found
