"""Rising tags."""

import pytest

from domain.tags import TagUse


@pytest.mark.parametrize(
    ("today", "before", "rise"), [(1, 0, 0.0), (4, 0, 9.0), (4, 7, 9.0), (20, 70, 10.0), (10, 70, 0.0), (3, 70, 0.0)]
)
def test_rise_compares_today_with_previous_days(today: int, before: int, rise: float) -> None:
    assert TagUse("sea", today, before, frozenset()).rise == rise


def test_new_tag_rises_above_large_constant_one() -> None:
    assert TagUse("new", 5, 0, frozenset()).rise > TagUse("large", 110, 700, frozenset()).rise
