"""The fetching beside the API, as a real process over a memory world, which has nothing to fetch with."""

import logging
import time
from pathlib import Path

import pytest

from entrypoints.serving.fetching import FetchingBeside
from tests.entrypoints.serving.test_beside import MEMORY, PATIENCE


def test_a_failure_is_told_once_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for name, value in {**MEMORY, "HOME": str(tmp_path)}.items():
        monkeypatch.setenv(f"TINTYPE_{name}", value)
    fetching = FetchingBeside()
    with caplog.at_level(logging.INFO, "tintype.serve"):
        fetching.start()
        deadline = time.monotonic() + PATIENCE
        while "no model could be fetched" not in caplog.text and time.monotonic() < deadline:
            time.sleep(0.05)
        fetching.stop()
    assert "cannot be fetched" in caplog.text
    assert caplog.text.count("make model MODEL=path") == 1


def test_one_that_is_stopped_says_nothing_of_failure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for name, value in {**MEMORY, "HOME": str(tmp_path)}.items():
        monkeypatch.setenv(f"TINTYPE_{name}", value)
    fetching = FetchingBeside()
    fetching.start()
    fetching.stop()
    assert "no model could be fetched" not in caplog.text


def test_one_that_never_began_can_be_stopped() -> None:
    FetchingBeside().stop()
