"""The decision about a follow."""

from dataclasses import replace
from typing import Any

import pytest

from domain.blocks import UserBlocked
from domain.errors import DomainError
from domain.follows import FollowFacts, FollowLimitReached, FollowResult, decide_follow
from domain.users import UserNotFound

NOTHING = FollowFacts(
    present=True, blocked=False, blocking=False, follows=False, requested=False, count=0, needs_approval=False
)
LIMIT = 3


def test_public_account_is_followed_and_private_one_requested() -> None:
    assert decide_follow(NOTHING, LIMIT) is FollowResult.FOLLOWS
    assert decide_follow(replace(NOTHING, needs_approval=True), LIMIT) is FollowResult.REQUESTED


def test_existing_follow_is_unchanged_at_limit() -> None:
    assert decide_follow(replace(NOTHING, follows=True, count=LIMIT), LIMIT) is FollowResult.UNCHANGED
    assert decide_follow(replace(NOTHING, requested=True, count=LIMIT), LIMIT) is FollowResult.UNCHANGED


def test_last_follow_below_limit_is_allowed() -> None:
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
        ({"count": LIMIT, "needs_approval": True}, FollowLimitReached),
    ],
)
def test_order_of_refusals(changes: dict[str, Any], error: type[DomainError]) -> None:
    with pytest.raises(error):
        decide_follow(replace(NOTHING, **changes), LIMIT)
