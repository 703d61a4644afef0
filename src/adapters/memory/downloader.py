import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from domain.vision.conversion import ProgressReporter
from domain.vision.model_fetch import DownloadedModel, DownloadFailed, ModelDownloader
from domain.vision.model_source import ModelSource


class MemoryModelDownloader(ModelDownloader):
    """Serves graphs by their URLs; every other URL fails."""

    def __init__(self, graphs: Mapping[str, bytes] | None = None) -> None:
        self._graphs = graphs or {}

    @asynccontextmanager
    async def download(self, source: ModelSource, report: ProgressReporter) -> AsyncIterator[DownloadedModel]:
        graph = self._graphs.get(source.url)
        if graph is None:
            raise DownloadFailed("there is no network here", transient=False)
        sha256 = hashlib.sha256(graph).hexdigest()
        if source.sha256 not in {None, sha256}:
            raise DownloadFailed(f"the SHA-256 is {sha256}, not {source.sha256}", transient=False)
        with TemporaryDirectory(prefix="tintype-fetch-") as name:
            (Path(name) / "saved_model.pb").write_bytes(graph)
            report(f"downloaded {len(graph)} bytes")
            yield DownloadedModel(Path(name), sha256, len(graph))
