from pathlib import Path

import pytest

from domain.rate_limits import RULES, STREAMS, Rule

OPERATIONS = (Path(__file__).resolve().parents[2] / "docs" / "operations.md").read_text()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_manual_lists_all_rules(rule: Rule) -> None:
    rates = ", ".join(str(rate) for rate in rule.rates)

    assert f"| {rule.name} | {rule.description} | {rule.per} | {rates} |" in OPERATIONS


def test_manual_states_connection_limits() -> None:
    assert f"| {STREAMS.name} | {STREAMS.description} | account | {STREAMS.slots} at the same time |" in OPERATIONS


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_longer_period_admits_more_uses_at_lower_rate(rule: Rule) -> None:
    """Otherwise one of the rates would have no effect."""
    most = [rate.limit for rate in rule.rates]
    intervals = [rate.interval for rate in rule.rates]

    assert most == sorted(set(most))
    assert intervals == sorted(set(intervals))
