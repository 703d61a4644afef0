"""Fetching the main model: which source, how often, over whose model."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.memory.converter import MemoryModelConverter
from adapters.memory.fetch_records import MemoryFetchRecords
from adapters.memory.models import MemoryModelStore
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
    """A fetcher over two sources, with all that it uses."""

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
            pauses=(0.0, 0.0),
        )

    @property
    def outcomes(self) -> list[tuple[str, FetchOutcome]]:
        return [(it.source, it.outcome) for it in self.records.read().attempts]


class BrokenConverter(ModelConverter):
    """Of a machine that cannot convert: from the beginning, or (`late`) when it comes to it."""

    def __init__(self, late: bool) -> None:
        self._late = late

    def check(self) -> None:
        if not self._late:
            raise Unavailable("the disk is full")

    def convert(
        self, folder: Path, photographs: Sequence[bytes], report: ProgressReporter
    ) -> AbstractContextManager[ConvertedModel]:
        raise Unavailable("the disk is full")


async def test_the_first_source_is_enough(tmp_path: Path) -> None:
    harness = FetchHarness()
    model = await harness.fetcher.fetch_when_due(ignore_progress)
    assert model == harness.models.current() is not None
    assert harness.models.installer() is Installer.FETCH
    assert harness.downloader.requests == [HUB.url]
    assert harness.outcomes == [("the Hub", FetchOutcome.INSTALLED)]


async def test_the_manifest_names_the_source_and_the_hash_of_what_came() -> None:
    harness = FetchHarness()
    await harness.fetcher.fetch_when_due(ignore_progress)
    source = (harness.models.manifest() or {})["source"]
    assert isinstance(source, dict)
    assert source["url"] == HUB.address
    assert len(source["archive_sha256"]) == 64
    assert source["archive_bytes"] == len(b"a graph")
    assert "module" not in source


async def test_the_licence_is_known_for_the_published_sources_alone() -> None:
    hub, elsewhere = parse_model_source(MOBILENET_V2[0]), parse_model_source("https://example.org/model.tar.gz")
    for source, licence in ((hub, "Apache-2.0"), (elsewhere, "unknown")):
        harness = FetchHarness()
        harness.downloader = ScriptedDownloader({source.url: (b"a graph",)})
        assert (await harness.new_fetcher().fetch(ignore_progress, source=source)).licence == licence


async def test_a_source_that_refuses_is_asked_once_and_the_next_one_follows() -> None:
    harness = FetchHarness(hub=[REFUSED])
    await harness.fetcher.fetch_when_due(ignore_progress)
    assert harness.downloader.requests == [HUB.url, MIRROR.url]
    assert harness.outcomes == [("the Hub", FetchOutcome.FAILED), ("a mirror", FetchOutcome.INSTALLED)]


async def test_a_source_that_is_busy_is_asked_three_times() -> None:
    harness = FetchHarness(hub=[BUSY, BUSY, b"a graph"])
    await harness.fetcher.fetch_when_due(ignore_progress)
    assert harness.downloader.requests == [HUB.url] * 3
    harness = FetchHarness(hub=[BUSY])
    await harness.fetcher.fetch_when_due(ignore_progress)
    assert harness.downloader.requests == [HUB.url] * 3 + [MIRROR.url]


async def test_a_graph_that_cannot_be_converted_is_no_reason_not_to_ask_the_next_source() -> None:
    harness = FetchHarness(hub=[UnusableModel("another network")])
    await harness.fetcher.fetch_when_due(ignore_progress)
    assert harness.downloader.requests == [HUB.url, MIRROR.url]
    assert harness.models.current() is not None


async def test_a_failed_round_names_each_source_and_what_to_do() -> None:
    harness = FetchHarness(hub=[REFUSED], mirror=[BUSY])
    reports: list[str] = []
    with pytest.raises(FetchFailed) as raised:
        await harness.fetcher.fetch_when_due(reports.append)
    for part in ("the Hub: HTTP 403", "a mirror: HTTP 503", "tintype model install PATH", "TINTYPE_MODEL_URLS"):
        assert part in raised.value.detail
    assert "the Hub: HTTP 403" in reports
    assert harness.models.current() is None


async def test_a_restart_waits_as_long_as_the_record_says() -> None:
    harness = FetchHarness(hub=[REFUSED], mirror=[REFUSED])
    for hours in (1, 2, 4):
        with pytest.raises(FetchFailed):
            await harness.new_fetcher().fetch_when_due(ignore_progress)
        requests = len(harness.downloader.requests)
        assert harness.new_fetcher().time_until_due() == timedelta(hours=hours)
        assert await harness.new_fetcher().fetch_when_due(ignore_progress) is None
        assert len(harness.downloader.requests) == requests
        harness.clock.advance(timedelta(hours=hours))


async def test_an_operator_s_round_waits_for_nothing_and_ends_the_waiting() -> None:
    harness = FetchHarness(hub=[REFUSED, b"a graph"], mirror=[REFUSED])
    with pytest.raises(FetchFailed):
        await harness.fetcher.fetch_when_due(ignore_progress)
    await harness.fetcher.fetch(ignore_progress)
    assert harness.models.installer() is Installer.OPERATOR
    assert harness.records.read().next_at is None


async def test_an_operator_may_name_one_source() -> None:
    harness = FetchHarness()
    await harness.fetcher.fetch(ignore_progress, source=MIRROR)
    assert harness.downloader.requests == [MIRROR.url]


async def test_the_default_model_is_replaced(tmp_path: Path) -> None:
    harness = FetchHarness()
    before = harness.models.install(tiny_model(tmp_path / "default.onnx"), installer=Installer.DEFAULT)
    assert harness.fetcher.time_until_due() == timedelta()
    assert await harness.fetcher.fetch_when_due(ignore_progress) == harness.models.current() != before
    assert harness.fetcher.time_until_due() is None


async def test_an_operator_s_model_stays_and_nothing_is_asked(tmp_path: Path) -> None:
    harness = FetchHarness()
    theirs = harness.models.install(tiny_model(tmp_path / "theirs.onnx"))
    assert harness.fetcher.time_until_due() is None
    assert await harness.fetcher.fetch_when_due(ignore_progress) is None
    assert (harness.models.current(), harness.downloader.requests) == (theirs, [])
    await harness.fetcher.fetch(ignore_progress)  # unless the operator asks
    assert harness.models.current() != theirs


class InstallingConverter(ModelConverter):
    """While it converts, an operator installs another model."""

    def __init__(self, path: Path) -> None:
        self.models: MemoryModelStore | None = None
        self._path = path

    def check(self) -> None:
        """Nothing is needed."""

    def convert(
        self, folder: Path, photographs: Sequence[bytes], report: ProgressReporter
    ) -> AbstractContextManager[ConvertedModel]:
        assert self.models
        self.models.install(self._path)
        return MemoryModelConverter().convert(folder, photographs, report)


async def test_a_model_that_an_operator_installs_meanwhile_stays(tmp_path: Path) -> None:
    converter = InstallingConverter(tiny_model(tmp_path / "theirs.onnx"))
    harness = FetchHarness(converter=converter)
    converter.models = harness.models
    stays = await harness.fetcher.fetch_when_due(ignore_progress)
    assert stays == harness.models.current()
    assert harness.models.installer() is Installer.OPERATOR
    assert harness.outcomes == [("the Hub", FetchOutcome.SUPERSEDED)]


@pytest.mark.parametrize("late", [False, True])
async def test_a_machine_that_cannot_convert_asks_no_other_source(late: bool) -> None:
    harness = FetchHarness(converter=BrokenConverter(late))
    with pytest.raises(FetchFailed, match="the disk is full"):
        await harness.fetcher.fetch_when_due(ignore_progress)
    assert harness.downloader.requests == ([HUB.url] if late else [])
    assert harness.fetcher.time_until_due() == timedelta(hours=1)
    assert [it.detail for it in harness.records.read().attempts] == ["the disk is full"]


async def test_only_one_round_at_a_time() -> None:
    harness = FetchHarness()
    with harness.records.claim():
        with pytest.raises(FetchRunning):
            await harness.fetcher.fetch(ignore_progress)
        with pytest.raises(FetchRunning):
            await harness.fetcher.fetch_when_due(ignore_progress)
    assert await harness.fetcher.fetch_when_due(ignore_progress)


async def test_a_stopped_round_does_not_delay_the_next_start() -> None:
    harness = FetchHarness(hub=[asyncio.CancelledError()])
    with pytest.raises(asyncio.CancelledError):
        await harness.fetcher.fetch_when_due(ignore_progress)
    assert harness.new_fetcher().time_until_due() == timedelta()


async def test_a_round_that_was_killed_does() -> None:
    """Nothing of it runs any more, so what it wrote at its beginning holds."""
    harness = FetchHarness(hub=[MemoryError("as if killed")])
    with pytest.raises(MemoryError):
        await harness.fetcher.fetch_when_due(ignore_progress)
    assert harness.new_fetcher().time_until_due() == timedelta(hours=1)
