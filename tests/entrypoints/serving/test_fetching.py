"""The fetcher beside the API, as real processes that ask a real server."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from container import Container
from domain.model_fetch import FetchRecord, FetchRecords
from entrypoints.serving.fetching import FetcherBeside
from entrypoints.settings import Settings
from tests.entrypoints.serving.test_beside import MEMORY, until
from tests.mirror import Answer, Mirror, mirror, refuses, trickles
from tests.models import tiny_model


class World:
    """One TINTYPE_HOME, and a server that is its only source."""

    def __init__(self, server: Mirror) -> None:
        self.server = server
        self.container = Container(config=Settings().config())

    @property
    def record(self) -> FetchRecord:
        records: FetchRecords = self.container.fetch_records()
        return records.read()

    @contextmanager
    def fetching(self, wait: Callable[[], timedelta | None] | None = None) -> Iterator[FetcherBeside]:
        fetcher = FetcherBeside(wait or self.container.fetching().wait)
        fetcher.start()
        try:
            yield fetcher
        finally:
            fetcher.stop()


Make = Callable[..., World]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Make]:
    with ExitStack() as servers:

        def make(*answers: Answer) -> World:
            server = servers.enter_context(mirror(*answers))
            urls = {"MODEL_URLS": f"{server.url}/model", "MODEL_FETCH": "auto"}
            for name, value in {**MEMORY, **urls, "CLASSIFIER": "onnx", "HOME": str(tmp_path)}.items():
                monkeypatch.setenv(f"TINTYPE_{name}", value)
            return World(server)

        yield make


def test_a_failure_is_logged_recorded_and_not_repeated_by_a_restart(
    world: Make, capfd: pytest.CaptureFixture[str]
) -> None:
    here = world(refuses(404))
    with here.fetching() as fetcher:
        until(lambda: here.record.attempts)
        until(lambda: not fetcher.runs)
    assert "HTTP 404" in here.record.attempts[0].detail
    logged = capfd.readouterr().err
    assert "HTTP 404" in logged
    assert "tintype model install PATH" in logged
    with here.fetching() as fetcher:
        assert not fetcher.runs
    assert here.server.asked == ["/model"]


def test_a_round_that_is_stopped_ends_and_does_not_delay_the_next(world: Make) -> None:
    here = world(trickles)
    with here.fetching() as fetcher:
        until(lambda: here.server.asked)
        assert here.record.failures == 1
    assert not fetcher.runs
    assert here.record.failures == 0
    with here.fetching():
        until(lambda: len(here.server.asked) == 2)


def test_two_services_on_one_home_fetch_once(world: Make, capfd: pytest.CaptureFixture[str]) -> None:
    here = world(trickles)
    with here.fetching() as first:
        until(lambda: here.server.asked)
        with here.fetching(wait=timedelta) as second:
            until(lambda: not second.runs)
        assert first.runs
    assert "another process of this TINTYPE_HOME is fetching" in capfd.readouterr().err
    assert here.server.asked == ["/model"]


def test_an_operator_s_model_is_left_alone(world: Make, tmp_path: Path) -> None:
    here = world(refuses(404))
    here.container.model_store().install(tiny_model(tmp_path / "theirs.onnx"))
    with here.fetching() as fetcher:
        assert not fetcher.runs
    assert here.server.asked == []


def test_one_that_never_began_can_be_stopped() -> None:
    FetcherBeside(lambda: None).stop()
