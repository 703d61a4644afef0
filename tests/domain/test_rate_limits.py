from pathlib import Path

import pytest

from domain.rate_limits import RULES, STREAMS, Rule

OPERATIONS = (Path(__file__).resolve().parents[2] / "docs" / "operations.md").read_text()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_manual_shows_every_rule_as_it_is(rule: Rule) -> None:
    rates = ", ".join(str(rate) for rate in rule.rates)

    assert f"| {rule.name} | {rule.description} | {rule.per} | {rates} |" in OPERATIONS


def test_the_manual_shows_how_much_may_be_open() -> None:
    assert f"| {STREAMS.name} | {STREAMS.description} | account | {STREAMS.slots} at the same time |" in OPERATIONS


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_longer_period_admits_more_uses_at_a_slower_pace(rule: Rule) -> None:
    """Otherwise one of the rates would never be felt."""
    most = [rate.limit for rate in rule.rates]
    intervals = [rate.interval for rate in rule.rates]

    assert most == sorted(set(most))
    assert intervals == sorted(set(intervals))
