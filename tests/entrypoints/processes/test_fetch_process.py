"""The model fetcher beside the API, as real processes with a real server."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from container import Container
from domain.vision.model_fetch import FetchRecord, FetchRecords
from entrypoints.processes.fetch_process import FetchProcess
from entrypoints.settings import Settings
from tests.entrypoints.processes.test_worker_process import MEMORY_SETTINGS, wait_until
from tests.http_mirror import Mirror, Responder, mirror, respond_status, trickle
from tests.models import tiny_model


class FetchHarness:
    """A TINTYPE_HOME, and a server that is its only source."""

    def __init__(self, server: Mirror) -> None:
        self.server = server
        self.container = Container(config=Settings().config())

    @property
    def record(self) -> FetchRecord:
        records: FetchRecords = self.container.fetch_records()
        return records.read()

    @contextmanager
    def start_process(self, wait: Callable[[], timedelta | None] | None = None) -> Iterator[FetchProcess]:
        fetcher = FetchProcess(wait or self.container.model_fetcher().time_until_due)
        fetcher.start()
        try:
            yield fetcher
        finally:
            fetcher.stop()


MakeHarness = Callable[..., FetchHarness]


@pytest.fixture
def make_harness(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[MakeHarness]:
    with ExitStack() as servers:

        def make(*answers: Responder) -> FetchHarness:
            server = servers.enter_context(mirror(*answers))
            urls = {"MODEL_URLS": f"{server.url}/model", "MODEL_FETCH": "auto"}
            for name, value in {**MEMORY_SETTINGS, **urls, "CLASSIFIER": "onnx", "HOME": str(tmp_path)}.items():
                monkeypatch.setenv(f"TINTYPE_{name}", value)
            return FetchHarness(server)

        yield make


def test_failure_is_recorded_and_not_repeated_after_restart(
    make_harness: MakeHarness, capfd: pytest.CaptureFixture[str]
) -> None:
    harness = make_harness(respond_status(404))
    with harness.start_process() as fetcher:
        wait_until(lambda: harness.record.attempts)
        wait_until(lambda: not fetcher.is_running)
    assert "HTTP 404" in harness.record.attempts[0].detail
    logged = capfd.readouterr().err
    assert "HTTP 404" in logged
    assert "tintype model install PATH" in logged
    with harness.start_process() as fetcher:
        assert not fetcher.is_running
    assert harness.server.requested_paths == ["/model"]


def test_stopped_round_does_not_delay_next(make_harness: MakeHarness) -> None:
    harness = make_harness(trickle)
    with harness.start_process() as fetcher:
        wait_until(lambda: harness.server.requested_paths)
        assert harness.record.failures == 1
    assert not fetcher.is_running
    assert harness.record.failures == 0
    with harness.start_process():
        wait_until(lambda: len(harness.server.requested_paths) == 2)


def test_services_with_same_home_fetch_once(make_harness: MakeHarness, capfd: pytest.CaptureFixture[str]) -> None:
    harness = make_harness(trickle)
    with harness.start_process() as first:
        wait_until(lambda: harness.server.requested_paths)
        with harness.start_process(wait=timedelta) as second:
            wait_until(lambda: not second.is_running)
        assert first.is_running
    assert "another process is fetching the model into this TINTYPE_HOME" in capfd.readouterr().err
    assert harness.server.requested_paths == ["/model"]


def test_operators_model_is_kept(make_harness: MakeHarness, tmp_path: Path) -> None:
    harness = make_harness(respond_status(404))
    harness.container.model_store().install(tiny_model(tmp_path / "theirs.onnx"))
    with harness.start_process() as fetcher:
        assert not fetcher.is_running
    assert harness.server.requested_paths == []


def test_unstarted_fetcher_can_be_stopped() -> None:
    FetchProcess(lambda: None).stop()
