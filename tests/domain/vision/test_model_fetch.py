"""The schedule of fetching the main model."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.vision.model_fetch import ATTEMPTS_KEPT, FetchAttempt, FetchOutcome, FetchRecord, retry_delay

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def attempt(source: str = "a", outcome: FetchOutcome = FetchOutcome.FAILED, detail: str = "") -> FetchAttempt:
    return FetchAttempt(NOON, source, outcome, detail)


@pytest.mark.parametrize(("failures", "hours"), [(1, 1), (2, 2), (3, 4), (5, 16), (6, 24), (100, 24)])
def test_delay_doubles_up_to_day(failures: int, hours: int) -> None:
    assert retry_delay(failures, lambda: 0.5) == timedelta(hours=hours)


def test_delay_has_jitter_of_quarter() -> None:
    assert retry_delay(1, lambda: 0.0) == timedelta(minutes=45)
    assert retry_delay(1, lambda: 0.999999) < timedelta(minutes=75)


def test_first_round_is_due_at_once_and_next_after_delay() -> None:
    assert FetchRecord().time_until_due(NOON) == timedelta()
    record = FetchRecord().start_round(NOON, lambda: 0.5)
    assert record.time_until_due(NOON) == timedelta(hours=1)
    assert record.time_until_due(NOON + timedelta(minutes=59)) == timedelta(minutes=1)
    assert record.time_until_due(NOON + timedelta(hours=2)) == timedelta()


def test_time_too_far_in_future_is_ignored() -> None:
    assert FetchRecord(failures=1, next_at=NOON + timedelta(days=400)).time_until_due(NOON) == timedelta()


def test_success_resets_delay() -> None:
    record = (
        FetchRecord()
        .start_round(NOON, lambda: 0.5)
        .add_attempt(attempt())
        .add_attempt(attempt(outcome=FetchOutcome.INSTALLED))
    )
    assert (record.failures, record.next_at, len(record.attempts)) == (0, None, 2)


def test_only_latest_attempts_are_kept() -> None:
    record = FetchRecord()
    for number in range(ATTEMPTS_KEPT + 5):
        record = record.add_attempt(attempt(detail=str(number)))
    assert [it.detail for it in record.attempts] == [str(number) for number in range(5, ATTEMPTS_KEPT + 5)]


def test_latest_attempt_of_each_source() -> None:
    tried = [attempt("a", detail="1"), attempt("b", detail="2"), attempt("a", detail="3")]
    assert [(it.source, it.detail) for it in FetchRecord(tuple(tried)).latest_attempts] == [("a", "3"), ("b", "2")]
