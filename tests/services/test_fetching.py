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
from domain.conversion import Converted, ModelConverter, Say
from domain.errors import Unavailable
from domain.model_fetch import DownloadFailed, FetchFailed, FetchOutcome, FetchRunning
from domain.model_source import MOBILENET_V2, ModelSource, model_source
from domain.services.fetching import ModelFetcher
from domain.vision import Installer, UnusableModel
from tests.contracts.model_converter import silent
from tests.doubles import ScriptedDownloader, StoppedClock
from tests.models import tiny_model

HUB = ModelSource("the Hub", "https://hub", "https://hub/model")
MIRROR = ModelSource("a mirror", "https://mirror", "https://mirror/model")
REFUSED = DownloadFailed("HTTP 403", transient=False)
BUSY = DownloadFailed("HTTP 503", transient=True)


class World:
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
        self.fetcher = self.restarted()

    def restarted(self) -> ModelFetcher:
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

    def converted(self, folder: Path, photographs: Sequence[bytes], say: Say) -> AbstractContextManager[Converted]:
        raise Unavailable("the disk is full")


async def test_the_first_source_is_enough(tmp_path: Path) -> None:
    world = World()
    model = await world.fetcher.fetch_when_due(silent)
    assert model == world.models.current() is not None
    assert world.models.installer() is Installer.FETCH
    assert world.downloader.asked == [HUB.url]
    assert world.outcomes == [("the Hub", FetchOutcome.INSTALLED)]


async def test_the_manifest_names_the_source_and_the_hash_of_what_came() -> None:
    world = World()
    await world.fetcher.fetch_when_due(silent)
    source = (world.models.manifest() or {})["source"]
    assert isinstance(source, dict)
    assert source["url"] == HUB.address
    assert len(source["archive_sha256"]) == 64
    assert source["archive_bytes"] == len(b"a graph")
    assert "module" not in source


async def test_the_licence_is_known_for_the_published_sources_alone() -> None:
    hub, elsewhere = model_source(MOBILENET_V2[0]), model_source("https://example.org/model.tar.gz")
    for source, licence in ((hub, "Apache-2.0"), (elsewhere, "unknown")):
        world = World()
        world.downloader = ScriptedDownloader({source.url: (b"a graph",)})
        assert (await world.restarted().fetch(silent, source=source)).licence == licence


async def test_a_source_that_refuses_is_asked_once_and_the_next_one_follows() -> None:
    world = World(hub=[REFUSED])
    await world.fetcher.fetch_when_due(silent)
    assert world.downloader.asked == [HUB.url, MIRROR.url]
    assert world.outcomes == [("the Hub", FetchOutcome.FAILED), ("a mirror", FetchOutcome.INSTALLED)]


async def test_a_source_that_is_busy_is_asked_three_times() -> None:
    world = World(hub=[BUSY, BUSY, b"a graph"])
    await world.fetcher.fetch_when_due(silent)
    assert world.downloader.asked == [HUB.url] * 3
    world = World(hub=[BUSY])
    await world.fetcher.fetch_when_due(silent)
    assert world.downloader.asked == [HUB.url] * 3 + [MIRROR.url]


async def test_a_graph_that_cannot_be_converted_is_no_reason_not_to_ask_the_next_source() -> None:
    world = World(hub=[UnusableModel("another network")])
    await world.fetcher.fetch_when_due(silent)
    assert world.downloader.asked == [HUB.url, MIRROR.url]
    assert world.models.current() is not None


async def test_a_failed_round_names_each_source_and_what_to_do() -> None:
    world = World(hub=[REFUSED], mirror=[BUSY])
    said: list[str] = []
    with pytest.raises(FetchFailed) as raised:
        await world.fetcher.fetch_when_due(said.append)
    for part in ("the Hub: HTTP 403", "a mirror: HTTP 503", "tintype model install PATH", "TINTYPE_MODEL_URLS"):
        assert part in raised.value.detail
    assert "the Hub: HTTP 403" in said
    assert world.models.current() is None


async def test_a_restart_waits_as_long_as_the_record_says() -> None:
    world = World(hub=[REFUSED], mirror=[REFUSED])
    for hours in (1, 2, 4):
        with pytest.raises(FetchFailed):
            await world.restarted().fetch_when_due(silent)
        asked = len(world.downloader.asked)
        assert world.restarted().wait() == timedelta(hours=hours)
        assert await world.restarted().fetch_when_due(silent) is None
        assert len(world.downloader.asked) == asked
        world.clock.advance(timedelta(hours=hours))


async def test_an_operator_s_round_waits_for_nothing_and_ends_the_waiting() -> None:
    world = World(hub=[REFUSED, b"a graph"], mirror=[REFUSED])
    with pytest.raises(FetchFailed):
        await world.fetcher.fetch_when_due(silent)
    await world.fetcher.fetch(silent)
    assert world.models.installer() is Installer.OPERATOR
    assert world.records.read().next_at is None


async def test_an_operator_may_name_one_source() -> None:
    world = World()
    await world.fetcher.fetch(silent, source=MIRROR)
    assert world.downloader.asked == [MIRROR.url]


async def test_the_default_model_is_replaced(tmp_path: Path) -> None:
    world = World()
    before = world.models.install(tiny_model(tmp_path / "default.onnx"), installer=Installer.DEFAULT)
    assert world.fetcher.wait() == timedelta()
    assert await world.fetcher.fetch_when_due(silent) == world.models.current() != before
    assert world.fetcher.wait() is None


async def test_an_operator_s_model_stays_and_nothing_is_asked(tmp_path: Path) -> None:
    world = World()
    theirs = world.models.install(tiny_model(tmp_path / "theirs.onnx"))
    assert world.fetcher.wait() is None
    assert await world.fetcher.fetch_when_due(silent) is None
    assert (world.models.current(), world.downloader.asked) == (theirs, [])
    await world.fetcher.fetch(silent)  # unless the operator asks
    assert world.models.current() != theirs


class Meanwhile(ModelConverter):
    """While it converts, an operator installs another model."""

    def __init__(self, path: Path) -> None:
        self.models: MemoryModelStore | None = None
        self._path = path

    def check(self) -> None:
        """Nothing is needed."""

    def converted(self, folder: Path, photographs: Sequence[bytes], say: Say) -> AbstractContextManager[Converted]:
        assert self.models
        self.models.install(self._path)
        return MemoryModelConverter().converted(folder, photographs, say)


async def test_a_model_that_an_operator_installs_meanwhile_stays(tmp_path: Path) -> None:
    converter = Meanwhile(tiny_model(tmp_path / "theirs.onnx"))
    world = World(converter=converter)
    converter.models = world.models
    stays = await world.fetcher.fetch_when_due(silent)
    assert stays == world.models.current()
    assert world.models.installer() is Installer.OPERATOR
    assert world.outcomes == [("the Hub", FetchOutcome.SUPERSEDED)]


@pytest.mark.parametrize("late", [False, True])
async def test_a_machine_that_cannot_convert_asks_no_other_source(late: bool) -> None:
    world = World(converter=BrokenConverter(late))
    with pytest.raises(FetchFailed, match="the disk is full"):
        await world.fetcher.fetch_when_due(silent)
    assert world.downloader.asked == ([HUB.url] if late else [])
    assert world.fetcher.wait() == timedelta(hours=1)
    assert [it.detail for it in world.records.read().attempts] == ["the disk is full"]


async def test_only_one_round_at_a_time() -> None:
    world = World()
    with world.records.claim():
        with pytest.raises(FetchRunning):
            await world.fetcher.fetch(silent)
        with pytest.raises(FetchRunning):
            await world.fetcher.fetch_when_due(silent)
    assert await world.fetcher.fetch_when_due(silent)


async def test_a_stopped_round_does_not_delay_the_next_start() -> None:
    world = World(hub=[asyncio.CancelledError()])
    with pytest.raises(asyncio.CancelledError):
        await world.fetcher.fetch_when_due(silent)
    assert world.restarted().wait() == timedelta()


async def test_a_round_that_was_killed_does() -> None:
    """Nothing of it runs any more, so what it wrote at its beginning holds."""
    world = World(hub=[MemoryError("as if killed")])
    with pytest.raises(MemoryError):
        await world.fetcher.fetch_when_due(silent)
    assert world.restarted().wait() == timedelta(hours=1)
