"""The decision on a follow."""

from dataclasses import replace
from typing import Any

import pytest

from domain.blocks import UserBlocked
from domain.errors import DomainError
from domain.follows import FollowLimitReached, FollowResult, FollowStanding, decide_follow
from domain.users import UserNotFound

NOTHING = FollowStanding(
    present=True, blocked=False, blocking=False, follows=False, requested=False, count=0, private=False
)
LIMIT = 3


def test_a_public_account_is_followed_and_a_private_one_is_asked() -> None:
    assert decide_follow(NOTHING, LIMIT) is FollowResult.FOLLOWS
    assert decide_follow(replace(NOTHING, private=True), LIMIT) is FollowResult.REQUESTED


def test_what_stands_is_left_alone_also_at_the_limit() -> None:
    assert decide_follow(replace(NOTHING, follows=True, count=LIMIT), LIMIT) is FollowResult.UNCHANGED
    assert decide_follow(replace(NOTHING, requested=True, count=LIMIT), LIMIT) is FollowResult.UNCHANGED


def test_the_last_one_below_the_limit_is_allowed() -> None:
    assert decide_follow(replace(NOTHING, count=LIMIT - 1), LIMIT) is FollowResult.FOLLOWS


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"present": False}, UserNotFound),
        ({"blocked": True}, UserNotFound),
        ({"blocked": True, "blocking": True}, UserNotFound),
        ({"blocking": True}, UserBlocked),
        ({"blocking": True, "count": LIMIT}, UserBlocked),
        ({"count": LIMIT}, FollowLimitReached),
        ({"count": LIMIT, "private": True}, FollowLimitReached),
    ],
)
def test_refusals_in_their_order(changes: dict[str, Any], error: type[DomainError]) -> None:
    with pytest.raises(error):
        decide_follow(replace(NOTHING, **changes), LIMIT)
