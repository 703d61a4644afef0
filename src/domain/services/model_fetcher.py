"""Fetching of the main model from the first source that delivers it."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from domain.clock import Clock
from domain.errors import Unavailable
from domain.vision import Installer, Model, ModelStore, UnusableModel, may_replace
from domain.vision.conversion import ModelConverter, ProgressReporter
from domain.vision.model_fetch import (
    DownloadedModel,
    DownloadFailed,
    FetchAttempt,
    FetchFailed,
    FetchOutcome,
    FetchRecords,
    ModelDownloader,
)
from domain.vision.model_source import MOBILENET_V2, MOBILENET_V2_LICENCE, ModelSource

PAUSES = (2.0, 8.0)
"""Seconds before the second and third attempt at one source in a round."""


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """The parameters of a round: the installer, the sources, the photographs for verifying the conversion, and the
    receiver of progress messages."""

    installer: Installer
    sources: Sequence[ModelSource]
    photographs: Sequence[bytes]
    report: ProgressReporter


class ModelFetcher:
    """Fetches the model in rounds. A round tries every source in order until a model is installed. Each attempt is
    recorded."""

    def __init__(
        self,
        models: ModelStore,
        converter: ModelConverter,
        downloader: ModelDownloader,
        records: FetchRecords,
        clock: Clock,
        jitter: Callable[[], float],
        sources: Sequence[ModelSource],
        remedy: str,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self._models = models
        self._converter = converter
        self._downloader = downloader
        self._records = records
        self._clock = clock
        self._jitter = jitter
        self._sources = sources
        self._remedy = remedy
        self._pauses = pauses

    def time_until_due(self) -> timedelta | None:
        """Return the time until the next automatic round; None when the installed model is to stay."""
        if not may_replace(Installer.FETCH, self._models.installer()):
            return None
        return self._records.read().time_until_due(self._clock.now())

    async def fetch_when_due(self, report: ProgressReporter) -> Model | None:
        """Run an automatic round, which replaces the default model only. Return None when none is due.

        Raises `FetchRunning`, `FetchFailed`, `StorageUnavailable`.
        """
        with self._records.claim():
            wait = self.time_until_due()
            if wait is None or wait:
                return None
            return await self._run_round(FetchRequest(Installer.FETCH, self._sources, (), report))

    async def fetch(
        self, report: ProgressReporter, photographs: Sequence[bytes] = (), source: ModelSource | None = None
    ) -> Model:
        """Run a round for an operator immediately, over one source or all. It replaces any model. `photographs` verify
        the conversion. Raises `FetchRunning`, `FetchFailed`, `StorageUnavailable`."""
        sources = [source] if source else self._sources
        with self._records.claim():
            return await self._run_round(FetchRequest(Installer.OPERATOR, sources, photographs, report))

    async def _run_round(self, request: FetchRequest) -> Model:
        before = self._records.read()
        self._records.write(before.start_round(self._clock.now(), self._jitter))
        try:
            return await self._fetch_first(request)
        except (asyncio.CancelledError, KeyboardInterrupt, SystemExit):
            # The round was cancelled and did not fail: the next start of the service may fetch at once.
            stopped = replace(self._records.read(), failures=before.failures, next_at=before.next_at)
            self._records.write(stopped)
            raise

    async def _fetch_first(self, request: FetchRequest) -> Model:
        """Return the model from the first source that delivers one."""
        failures = []
        try:
            self._check_converter()
            for source in request.sources:
                try:
                    return await self._fetch_with_retries(request, source)
                except (DownloadFailed, UnusableModel) as fault:
                    failures.append(f"{source.name}: {fault.operator_message}")
        except Unavailable as fault:  # a fault of this machine: no other source would help
            failures.append(fault.operator_message)
        raise FetchFailed(f"no model could be fetched: {'; '.join(failures)}. Remedy: {self._remedy}", retry_after=3600)

    def _check_converter(self) -> None:
        """Check before the download whether this machine can convert."""
        try:
            self._converter.check()
        except Unavailable as fault:
            self._record_attempt("this machine", FetchOutcome.FAILED, fault.operator_message)
            raise

    async def _fetch_with_retries(self, request: FetchRequest, source: ModelSource) -> Model:
        for pause in self._pauses:
            try:
                return await self._fetch_once(request, source)
            except DownloadFailed as fault:
                if not fault.transient:
                    raise
            await asyncio.sleep(pause)
        return await self._fetch_once(request, source)

    async def _fetch_once(self, request: FetchRequest, source: ModelSource) -> Model:
        request.report(f"downloading from {source.name}")
        try:
            async with self._downloader.download(source, request.report) as download:
                model = self._convert_and_install(request, source, download)
        except (Unavailable, UnusableModel) as fault:
            request.report(f"{source.name}: {fault.operator_message}")
            self._record_attempt(source.name, FetchOutcome.FAILED, fault.operator_message)
            raise
        is_current = self._models.installer() is request.installer
        detail = f"{model}, from an archive with the SHA-256 {download.sha256}" if is_current else f"{model} stays"
        self._record_attempt(source.name, FetchOutcome.INSTALLED if is_current else FetchOutcome.SUPERSEDED, detail)
        return model

    def _convert_and_install(self, request: FetchRequest, source: ModelSource, download: DownloadedModel) -> Model:
        """Return the current model afterwards. An operator's model stays where the program may not replace it."""
        request.report(f"downloaded {download.size / 1e6:.1f} MB from {source.name}, SHA-256 {download.sha256}")
        current = self._models.current()
        if current and not may_replace(request.installer, self._models.installer()):
            return current
        with self._converter.convert(download.folder, request.photographs, request.report) as converted:
            request.report("installing the model")
            about = _provenance(converted.provenance, source, download)
            return self._models.install(converted.path, about, request.installer)

    def _record_attempt(self, source: str, outcome: FetchOutcome, detail: str) -> None:
        attempt = FetchAttempt(self._clock.now(), source, outcome, detail)
        self._records.write(self._records.read().add_attempt(attempt))


def _provenance(
    converted: Mapping[str, object], source: ModelSource, download: DownloadedModel
) -> Mapping[str, object]:
    """Return the provenance with the address of the source instead of the temporary folder."""
    about = converted.get("source", {})
    details = {name: value for name, value in about.items() if name != "module"} if isinstance(about, Mapping) else {}
    fetched = {"url": source.address, "archive_sha256": download.sha256, "archive_bytes": download.size}
    licence = {"licence": MOBILENET_V2_LICENCE} if source.address in MOBILENET_V2 else {}
    return {**converted, **licence, "source": {**fetched, **details}}
