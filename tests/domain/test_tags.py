"""Which tags rise."""

import pytest

from domain.tags import TagUse


@pytest.mark.parametrize(
    ("today", "before", "rise"), [(1, 0, 0.0), (4, 0, 9.0), (4, 7, 9.0), (20, 70, 10.0), (10, 70, 0.0), (3, 70, 0.0)]
)
def test_a_tag_rises_by_how_far_today_is_above_the_days_before(today: int, before: int, rise: float) -> None:
    assert TagUse("sea", today, before, frozenset()).rise == rise


def test_a_new_tag_of_a_few_rises_above_a_large_one_that_stays() -> None:
    assert TagUse("new", 5, 0, frozenset()).rise > TagUse("large", 110, 700, frozenset()).rise
