"""Fetching the main model: sources, schedule, and which models it replaces."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.memory.converter import MemoryModelConverter
from adapters.memory.fetch_records import MemoryFetchRecords
from adapters.memory.models import MemoryModelStore
from adapters.system.fetch_health import FETCH_REMEDY
from domain.errors import Unavailable
from domain.services.model_fetcher import ModelFetcher
from domain.vision import Installer, UnusableModel
from domain.vision.conversion import ConvertedModel, ModelConverter, ProgressReporter
from domain.vision.model_fetch import DownloadFailed, FetchFailed, FetchOutcome, FetchRunning
from domain.vision.model_source import MOBILENET_V2, ModelSource, parse_model_source
from tests.contracts.model_converter import ignore_progress
from tests.doubles import ScriptedDownloader, StoppedClock
from tests.models import tiny_model

HUB = ModelSource("the Hub", "https://hub", "https://hub/model")
MIRROR = ModelSource("a mirror", "https://mirror", "https://mirror/model")
REFUSED = DownloadFailed("HTTP 403", transient=False)
BUSY = DownloadFailed("HTTP 503", transient=True)


class FetchHarness:
    """A fetcher with two sources and its dependencies."""

    def __init__(
        self,
        hub: Sequence[bytes | BaseException] = (b"a graph",),
        mirror: Sequence[bytes | BaseException] = (b"another graph",),
        converter: ModelConverter | None = None,
    ) -> None:
        self.models = MemoryModelStore()
        self.records = MemoryFetchRecords()
        self.clock = StoppedClock()
        self.downloader = ScriptedDownloader({HUB.url: hub, MIRROR.url: mirror})
        self.converter = converter or MemoryModelConverter()
        self.fetcher = self.new_fetcher()

    def new_fetcher(self) -> ModelFetcher:
        return ModelFetcher(
            self.models,
            self.converter,
            self.downloader,
            self.records,
            self.clock,
            lambda: 0.5,
            [HUB, MIRROR],
            FETCH_REMEDY,
            pauses=(0.0, 0.0),
        )

    @property
    def outcomes(self) -> list[tuple[str, FetchOutcome]]:
        return [(it.source, it.outcome) for it in self.records.read().attempts]


class BrokenConverter(ModelConverter):
    """A converter that fails in its check or (`late`) in the conversion."""

    def __init__(self, late: bool) -> None:
        self._late = late

    def check(self) -> None:
        if not self._late:
            raise Unavailable("the disk is full")

    def convert(
        self, folder: Path, photographs: Sequence[bytes], report: ProgressReporter
    ) -> AbstractContextManager[ConvertedModel]:
        raise Unavailable("the disk is full")


async def test_first_source_is_used(tmp_path: Path) -> None:
    harness = FetchHarness()
    model = await harness.fetcher.fetch_when_due(ignore_progress)
    assert model == harness.models.current() is not None
    assert harness.models.installer() is Installer.FETCH
    assert harness.downloader.requests == [HUB.url]
    assert harness.outcomes == [("the Hub", FetchOutcome.INSTALLED)]


async def test_manifest_states_source_and_hash() -> None:
    harness = FetchHarness()
    await harness.fetcher.fetch_when_due(ignore_progress)
    source = (harness.models.manifest() or {})["source"]
    assert isinstance(source, dict)
    assert source["url"] == HUB.address
    assert len(source["archive_sha256"]) == 64
    assert source["archive_bytes"] == len(b"a graph")
    assert "module" not in source


async def test_licence_is_known_for_published_sources_only() -> None:
    hub, elsewhere = parse_model_source(MOBILENET_V2[0]), parse_model_source("https://example.org/model.tar.gz")
    for source, licence in ((hub, "Apache-2.0"), (elsewhere, "unknown")):
        harness = FetchHarness()
        harness.downloader = ScriptedDownloader({source.url: (b"a graph",)})
        assert (await harness.new_fetcher().fetch(ignore_progress, source=source)).licence == licence


async def test_refusing_source_is_tried_once() -> None:
    harness = FetchHarness(hub=[REFUSED])
    await harness.fetcher.fetch_when_due(ignore_progress)
    assert harness.downloader.requests == [HUB.url, MIRROR.url]
    assert harness.outcomes == [("the Hub", FetchOutcome.FAILED), ("a mirror", FetchOutcome.INSTALLED)]


async def test_busy_source_is_tried_three_times() -> None:
    harness = FetchHarness(hub=[BUSY, BUSY, b"a graph"])
    await harness.fetcher.fetch_when_due(ignore_progress)
    assert harness.downloader.requests == [HUB.url] * 3
    harness = FetchHarness(hub=[BUSY])
    await harness.fetcher.fetch_when_due(ignore_progress)
    assert harness.downloader.requests == [HUB.url] * 3 + [MIRROR.url]


async def test_next_source_is_tried_after_failed_conversion() -> None:
    harness = FetchHarness(hub=[UnusableModel("another network")])
    await harness.fetcher.fetch_when_due(ignore_progress)
    assert harness.downloader.requests == [HUB.url, MIRROR.url]
    assert harness.models.current() is not None


async def test_failed_round_names_sources_and_remedy() -> None:
    harness = FetchHarness(hub=[REFUSED], mirror=[BUSY])
    reports: list[str] = []
    with pytest.raises(FetchFailed) as raised:
        await harness.fetcher.fetch_when_due(reports.append)
    for part in ("the Hub: HTTP 403", "a mirror: HTTP 503", "tintype model install PATH", "TINTYPE_MODEL_URLS"):
        assert part in raised.value.detail
    assert "the Hub: HTTP 403" in reports
    assert harness.models.current() is None


async def test_restart_waits_until_recorded_time() -> None:
    harness = FetchHarness(hub=[REFUSED], mirror=[REFUSED])
    for hours in (1, 2, 4):
        with pytest.raises(FetchFailed):
            await harness.new_fetcher().fetch_when_due(ignore_progress)
        requests = len(harness.downloader.requests)
        assert harness.new_fetcher().time_until_due() == timedelta(hours=hours)
        assert await harness.new_fetcher().fetch_when_due(ignore_progress) is None
        assert len(harness.downloader.requests) == requests
        harness.clock.advance(timedelta(hours=hours))


async def test_round_of_operator_runs_at_once_and_resets_schedule() -> None:
    harness = FetchHarness(hub=[REFUSED, b"a graph"], mirror=[REFUSED])
    with pytest.raises(FetchFailed):
        await harness.fetcher.fetch_when_due(ignore_progress)
    await harness.fetcher.fetch(ignore_progress)
    assert harness.models.installer() is Installer.OPERATOR
    assert harness.records.read().next_at is None


async def test_operator_can_name_source() -> None:
    harness = FetchHarness()
    await harness.fetcher.fetch(ignore_progress, source=MIRROR)
    assert harness.downloader.requests == [MIRROR.url]


async def test_default_model_is_replaced(tmp_path: Path) -> None:
    harness = FetchHarness()
    before = harness.models.install(tiny_model(tmp_path / "default.onnx"), installer=Installer.DEFAULT)
    assert harness.fetcher.time_until_due() == timedelta()
    assert await harness.fetcher.fetch_when_due(ignore_progress) == harness.models.current() != before
    assert harness.fetcher.time_until_due() is None


async def test_operators_model_is_kept_without_requests(tmp_path: Path) -> None:
    harness = FetchHarness()
    theirs = harness.models.install(tiny_model(tmp_path / "theirs.onnx"))
    assert harness.fetcher.time_until_due() is None
    assert await harness.fetcher.fetch_when_due(ignore_progress) is None
    assert (harness.models.current(), harness.downloader.requests) == (theirs, [])
    await harness.fetcher.fetch(ignore_progress)  # unless the operator asks
    assert harness.models.current() != theirs


class InstallingConverter(ModelConverter):
    """During its conversion, an operator installs another model."""

    def __init__(self, path: Path) -> None:
        self.models: MemoryModelStore | None = None
        self._path = path

    def check(self) -> None:
        """Always passes."""

    def convert(
        self, folder: Path, photographs: Sequence[bytes], report: ProgressReporter
    ) -> AbstractContextManager[ConvertedModel]:
        assert self.models
        self.models.install(self._path)
        return MemoryModelConverter().convert(folder, photographs, report)


async def test_model_installed_meanwhile_is_kept(tmp_path: Path) -> None:
    converter = InstallingConverter(tiny_model(tmp_path / "theirs.onnx"))
    harness = FetchHarness(converter=converter)
    converter.models = harness.models
    stays = await harness.fetcher.fetch_when_due(ignore_progress)
    assert stays == harness.models.current()
    assert harness.models.installer() is Installer.OPERATOR
    assert harness.outcomes == [("the Hub", FetchOutcome.SUPERSEDED)]


@pytest.mark.parametrize("late", [False, True])
async def test_machine_without_conversion_tries_no_other_source(late: bool) -> None:
    harness = FetchHarness(converter=BrokenConverter(late))
    with pytest.raises(FetchFailed, match="the disk is full"):
        await harness.fetcher.fetch_when_due(ignore_progress)
    assert harness.downloader.requests == ([HUB.url] if late else [])
    assert harness.fetcher.time_until_due() == timedelta(hours=1)
    assert [it.detail for it in harness.records.read().attempts] == ["the disk is full"]


async def test_rounds_are_exclusive() -> None:
    harness = FetchHarness()
    with harness.records.claim():
        with pytest.raises(FetchRunning):
            await harness.fetcher.fetch(ignore_progress)
        with pytest.raises(FetchRunning):
            await harness.fetcher.fetch_when_due(ignore_progress)
    assert await harness.fetcher.fetch_when_due(ignore_progress)


async def test_stopped_round_does_not_delay_next_start() -> None:
    harness = FetchHarness(hub=[asyncio.CancelledError()])
    with pytest.raises(asyncio.CancelledError):
        await harness.fetcher.fetch_when_due(ignore_progress)
    assert harness.new_fetcher().time_until_due() == timedelta()


async def test_killed_round_delays_next_start() -> None:
    """A killed round leaves the record that it wrote at its start."""
    harness = FetchHarness(hub=[MemoryError("as if killed")])
    with pytest.raises(MemoryError):
        await harness.fetcher.fetch_when_due(ignore_progress)
    assert harness.new_fetcher().time_until_due() == timedelta(hours=1)
