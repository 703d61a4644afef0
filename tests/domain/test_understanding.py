from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ids import ImageId
from domain.understanding import (
    FIRST_DELAY,
    LEASE,
    MAX_ATTEMPTS,
    MAX_DELAY,
    State,
    Task,
    Understanding,
    backoff,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DUE_ROW = Understanding(ImageId(UUID(int=1)), Task.CAPTION).schedule(NOW)
JITTER = st.floats(0, 1)


@given(attempts=st.integers(1, 40), jitter=JITTER)
def test_backoff_doubles_up_to_hour_with_jitter(attempts: int, jitter: float) -> None:
    ceiling = min(FIRST_DELAY * 2 ** (attempts - 1), MAX_DELAY)

    assert ceiling / 2 <= backoff(attempts, jitter) <= ceiling


def test_backoff_is_between_five_seconds_and_hour() -> None:
    assert [backoff(attempts, 1.0).total_seconds() for attempts in (1, 2, 3, 10, 11, 12)] == [
        5,
        10,
        20,
        2560,
        3600,
        3600,
    ]


def test_requested_task_is_due_now() -> None:
    assert DUE_ROW.is_due(NOW)
    assert not DUE_ROW.is_due(NOW - timedelta(microseconds=1))


def test_started_attempt_counts_and_is_due_after_lease() -> None:
    started = DUE_ROW.start(NOW)

    assert (started.state, started.attempts) == (State.RUNNING, 1)
    assert not started.is_due(NOW + LEASE - timedelta(microseconds=1))
    assert started.is_due(NOW + LEASE)


@pytest.mark.parametrize("finished", [DUE_ROW.mark_done("m@1"), DUE_ROW.mark_failed("no"), DUE_ROW.mark_skipped("off")])
def test_finished_task_is_not_due(finished: Understanding) -> None:
    assert not finished.open
    assert not finished.is_due(NOW + timedelta(days=1000))


@given(jitter=JITTER)
def test_task_fails_after_last_attempt(jitter: float) -> None:
    row = DUE_ROW
    for attempt in range(1, MAX_ATTEMPTS):
        row = row.start(NOW).retry_later("busy", NOW, jitter)
        assert (row.state, row.attempts, row.error) == (State.PENDING, attempt, "busy")
        assert row.next_attempt_at == NOW + backoff(attempt, jitter)
        assert not row.is_exhausted()

    row = row.start(NOW).retry_later("busy", NOW, jitter)

    assert (row.state, row.attempts, row.error, row.next_attempt_at) == (State.FAILED, MAX_ATTEMPTS, "busy", None)
    assert row.is_exhausted()


def test_postponed_attempt_does_not_count() -> None:
    later = NOW + timedelta(minutes=5)

    for _ in range(MAX_ATTEMPTS + 1):
        row = DUE_ROW.start(NOW).postpone("model_missing", later)
        assert (row.state, row.attempts, row.error, row.next_attempt_at) == (State.PENDING, 0, "model_missing", later)
    assert DUE_ROW.postpone("model_missing", later).attempts == 0


def test_attempt_waiting_for_other_task_has_no_time_and_does_not_count() -> None:
    row = DUE_ROW.start(NOW).wait_for_task()

    assert row.is_waiting
    assert (row.attempts, row.next_attempt_at) == (0, None)
    assert not row.is_due(NOW + timedelta(days=1000))
    assert not DUE_ROW.is_waiting


def test_repeated_request_resets_task_but_keeps_model() -> None:
    failed = DUE_ROW.mark_done("m@1").start(NOW).mark_failed("no")

    again = failed.schedule(NOW)

    assert (again.state, again.attempts, again.error, again.model) == (State.PENDING, 0, None, "m@1")
