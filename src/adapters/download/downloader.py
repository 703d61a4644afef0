"""Downloads archives over HTTP, within limits that no server can exceed."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from adapters.download.archive import unpack
from adapters.filesystem.durable import translate_os_errors
from domain.vision.conversion import ProgressReporter
from domain.vision.model_fetch import DownloadedModel, DownloadFailed, DownloadLimits, ModelDownloader
from domain.vision.model_source import ModelSource

REDIRECTS = 5
PROGRESS_STEP = 5_000_000
"""Bytes between two progress messages."""
TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Status codes after which the same request may succeed in a few seconds."""


class HttpModelDownloader(ModelDownloader):
    """Uses GET only: Python versions differ in how they redirect HEAD, and servers may answer HEAD and GET
    differently."""

    def __init__(self, limits: DownloadLimits | None = None) -> None:
        self._limits = limits or DownloadLimits()

    @asynccontextmanager
    async def download(self, source: ModelSource, report: ProgressReporter) -> AsyncIterator[DownloadedModel]:
        with TemporaryDirectory(prefix="tintype-fetch-") as name:
            archive = Path(name) / "archive"
            with translate_os_errors(archive.parent):
                sha256 = await self._save_archive(source, archive, report)
                size = archive.stat().st_size
                if source.sha256 not in {None, sha256}:
                    raise DownloadFailed(
                        f"the archive has the SHA-256 {sha256}, but {source.sha256} is expected", transient=False
                    )
                folder = unpack(archive, Path(name) / "module", self._limits)
                archive.unlink()
            yield DownloadedModel(folder, sha256, size)

    async def _save_archive(self, source: ModelSource, archive: Path, report: ProgressReporter) -> str:
        """Write the archive and return its SHA-256. Raises `DownloadFailed`."""
        try:
            async with asyncio.timeout(self._limits.total_timeout):
                async with self._client() as client, self._open_response(client, source.url) as answer:
                    _check_response(answer, source.url)
                    return await self._write_chunks(answer, archive, report)
        except TimeoutError:
            raise DownloadFailed(
                f"the download took more than {self._limits.total_timeout:g} s", transient=True
            ) from None
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            raise self._to_failure(fault) from fault

    def _client(self) -> httpx.AsyncClient:
        # Without content encoding, the stored bytes have the hash that the publisher states.
        headers = {"Accept-Encoding": "identity", "User-Agent": "tintype"}
        timeout = httpx.Timeout(self._limits.idle_timeout, connect=self._limits.first_byte_timeout)
        return httpx.AsyncClient(follow_redirects=True, max_redirects=REDIRECTS, timeout=timeout, headers=headers)

    @asynccontextmanager
    async def _open_response(self, client: httpx.AsyncClient, url: str) -> AsyncIterator[httpx.Response]:
        """The head of the response, after all redirects."""
        try:
            async with asyncio.timeout(self._limits.first_byte_timeout):
                answer = await client.send(client.build_request("GET", url), stream=True)
        except TimeoutError:
            detail = f"no response within {self._limits.first_byte_timeout:g} s"
            raise DownloadFailed(detail, transient=True) from None
        try:
            yield answer
        finally:
            await answer.aclose()

    async def _write_chunks(self, answer: httpx.Response, archive: Path, report: ProgressReporter) -> str:
        limit, size, digest = self._limits.archive_bytes, 0, hashlib.sha256()
        expected = int(answer.headers.get("Content-Length", 0))
        _check_size(expected, limit)
        with archive.open("wb") as file:
            async for chunk in answer.aiter_raw():
                size += len(chunk)
                _check_size(size, limit)
                digest.update(chunk)
                file.write(chunk)
                if size // PROGRESS_STEP > (size - len(chunk)) // PROGRESS_STEP:
                    report(f"downloaded {size / 1e6:.0f}{f' of {expected / 1e6:.0f}' if expected else ''} MB")
        return digest.hexdigest()

    def _to_failure(self, fault: httpx.HTTPError | httpx.InvalidURL) -> DownloadFailed:
        match fault:
            case httpx.TimeoutException():
                return DownloadFailed(f"no data for {self._limits.idle_timeout:g} s", transient=True)
            case httpx.TooManyRedirects():
                return DownloadFailed(f"the server redirects more than {REDIRECTS} times", transient=False)
            case httpx.InvalidURL() | httpx.UnsupportedProtocol():
                return DownloadFailed("the server redirects to an address that is not HTTP", transient=False)
            case _:
                return DownloadFailed(f"the connection failed ({str(fault) or type(fault).__name__})", transient=True)


def _check_response(answer: httpx.Response, url: str) -> None:
    hops = [*answer.history[1:], answer] if answer.history else [answer]
    if httpx.URL(url).scheme == "https" and any(hop.url.scheme != "https" for hop in hops):
        raise DownloadFailed("the server redirects from https to http, which anyone can tamper with", transient=False)
    if answer.status_code != httpx.codes.OK:
        detail = f"{answer.url.host} answered HTTP {answer.status_code} {answer.reason_phrase}".rstrip()
        raise DownloadFailed(detail, transient=answer.status_code in TRANSIENT)
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        raise DownloadFailed(f"{answer.url.host} returned a web page instead of an archive", transient=False)


def _check_size(size: int, limit: int) -> None:
    if size > limit:
        raise DownloadFailed(f"the archive is larger than {limit / 1e6:g} MB", transient=False)
