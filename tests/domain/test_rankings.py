import math
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain import rankings
from domain.ids import PostId, UserId
from domain.post_views import PostView
from domain.posts import Post
from domain.profiles import Byline
from domain.rankings import HALF_LIFE, RankPosition, ScoreParts, Window, trending_key

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
AGES = st.floats(0, 400 * 24 * 3600)
LIKES = st.integers(0, 10**7)


def published_at(age: float) -> datetime:
    return NOW - timedelta(seconds=age)


def decayed_score(likes: int, age: float, later: float) -> float:
    """log2 of (1 + likes) * 2^(-age / HALF_LIFE) after these seconds, as a logarithm to avoid underflow."""
    return math.log2(1 + likes) - (age + later) / HALF_LIFE.total_seconds()


@given(likes=st.tuples(LIKES, LIKES), ages=st.tuples(AGES, AGES), later=AGES)
def test_trending_key_orders_posts_by_decayed_score(
    likes: tuple[int, int], ages: tuple[float, float], later: float
) -> None:
    by_decay = [decayed_score(count, age, later) for count, age in zip(likes, ages, strict=True)]
    by_key = [trending_key(count, published_at(age)) for count, age in zip(likes, ages, strict=True)]
    assume(abs(by_decay[0] - by_decay[1]) > 1e-6)

    assert (by_key[0] < by_key[1]) == (by_decay[0] < by_decay[1])


@given(likes=LIKES, age=AGES)
def test_likes_raise_and_age_lowers_score(likes: int, age: float) -> None:
    key = trending_key(likes, published_at(age))

    assert trending_key(likes + 1, published_at(age)) > key
    assert trending_key(likes, published_at(age + 1)) < key


@given(likes=LIKES, age=AGES)
def test_half_life_equals_doubled_likes(likes: int, age: float) -> None:
    doubled = trending_key(2 * (1 + likes) - 1, published_at(age) - HALF_LIFE)

    assert doubled == pytest.approx(trending_key(likes, published_at(age)))


@given(likes=LIKES, age=AGES, rank=st.integers(1, 10_000))
def test_score_can_be_recomputed_from_explanation(likes: int, age: float, rank: int) -> None:
    placed = RankPosition(rank, likes, NOW, a_view(0, published_at(age)))

    top, hot = rankings.score_most_liked(placed), rankings.score_trending(placed)

    assert (top.rank, top.score, top.why.likes, top.why.half_life_seconds) == (rank, likes, likes, None)
    assert hot.why.half_life_seconds == HALF_LIFE.total_seconds()
    assert hot.score == math.log2(1 + hot.why.likes) - hot.why.age_seconds / hot.why.half_life_seconds
    assert hot.why.age_seconds == pytest.approx(age, abs=1e-5)


def test_post_from_future_has_age_zero() -> None:
    placed = RankPosition(1, 1, NOW, a_view(1, NOW + timedelta(seconds=5)))

    assert rankings.score_trending(placed).why == ScoreParts(1, 0.0, HALF_LIFE.total_seconds())


@pytest.mark.parametrize(
    ("window", "days"), [(Window.DAY, 1), (Window.WEEK, 7), (Window.MONTH, 30), (Window.YEAR, 365)]
)
def test_window_starts_days_ago(window: Window, days: int) -> None:
    assert window.since(NOW) == NOW - timedelta(days=days)


def test_window_of_all_time_has_no_start() -> None:
    assert Window.ALL.since(NOW) is None


def a_view(likes: int, created_at: datetime) -> PostView:
    ada = UserId(UUID(int=1))
    return PostView(Post(PostId(UUID(int=2)), ada, "", (), created_at, like_count=likes), Byline(ada, "ada", "Ada"), ())
