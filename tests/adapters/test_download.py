"""Model downloads over real HTTP, from a server that misbehaves in all ways."""

import gzip
import hashlib
import tarfile
from collections.abc import Callable
from dataclasses import replace

import pytest

from adapters.download.downloader import HttpModelDownloader
from domain.vision.model_fetch import DownloadedModel, DownloadFailed, DownloadLimits
from domain.vision.model_source import parse_model_source
from tests.archives import GRAPH, a_link, a_tar, an_archive
from tests.contracts.model_converter import ignore_progress
from tests.http_mirror import (
    Responder,
    mirror,
    never_respond,
    redirect_to,
    reset_connection,
    respond_status,
    respond_with,
    send_endlessly,
    stall,
    trickle,
    trickle_headers,
    truncate,
    without_length,
)

LIMITS = DownloadLimits(
    first_byte_timeout=30,
    idle_timeout=30,
    total_timeout=60,
    archive_bytes=1_000_000,
    unpacked_bytes=3_000_000,
    files=50,
)
IMPATIENT = replace(LIMITS, first_byte_timeout=0.5, idle_timeout=0.5, total_timeout=1.5)


async def download_paths(
    *answers: Responder, limits: DownloadLimits = LIMITS, look: Callable[[DownloadedModel], object] = lambda _: None
) -> list[str]:
    """Download once, and return the requested paths."""
    with mirror(*answers) as server:
        source = parse_model_source(f"{server.url}/model")
        async with HttpModelDownloader(limits).download(source, ignore_progress) as download:
            look(download)
        return server.requested_paths


async def download_error(*answers: Responder, limits: DownloadLimits = LIMITS) -> DownloadFailed:
    with pytest.raises(DownloadFailed) as raised:
        await download_paths(*answers, limits=limits)
    return raised.value


async def test_files_are_unpacked_unchanged() -> None:
    archive = an_archive()

    def look(download: DownloadedModel) -> None:
        found = {str(it.relative_to(download.folder)): it.read_bytes() for it in download.folder.rglob("*.*")}
        assert found == GRAPH
        assert (download.sha256, download.size) == (hashlib.sha256(archive).hexdigest(), len(archive))

    assert await download_paths(respond_with(archive), look=look) == ["/model"]
    await download_paths(without_length(archive), look=look)


async def test_redirects_are_followed() -> None:
    assert await download_paths(redirect_to("/elsewhere"), respond_with(an_archive())) == ["/model", "/elsewhere"]


async def test_archive_without_gzip_is_accepted() -> None:
    await download_paths(respond_with(a_tar()), look=lambda it: (it.folder / "saved_model.pb").read_bytes())


async def test_module_in_subfolder_is_found() -> None:
    def look(download: DownloadedModel) -> None:
        assert (download.folder / "saved_model.pb").read_bytes() == b"a graph"

    await download_paths(respond_with(an_archive({"./module/saved_model.pb": b"a graph"})), look=look)


async def test_progress_is_reported() -> None:
    said: list[str] = []
    body = an_archive({**GRAPH, "noise": hashlib.shake_256(b"").digest(11_000_000)})
    limits = replace(LIMITS, archive_bytes=20_000_000, unpacked_bytes=20_000_000)
    with mirror(respond_with(body)) as server:
        async with HttpModelDownloader(limits).download(parse_model_source(server.url), said.append):
            pass
    assert said == ["downloaded 5 of 11 MB", "downloaded 10 of 11 MB"]


@pytest.mark.parametrize(("status", "transient"), [(403, False), (404, False), (410, False), (429, True), (503, True)])
async def test_error_response_is_reported_with_host_and_status(status: int, transient: bool) -> None:
    fault = await download_error(redirect_to("/storage"), respond_status(status))
    assert f"127.0.0.1 answered HTTP {status}" in fault.detail
    assert fault.transient is transient


async def test_redirect_loop_is_refused() -> None:
    fault = await download_error(redirect_to("/again"))
    assert "redirects more than 5 times" in fault.detail
    assert not fault.transient


@pytest.mark.parametrize("target", ["ftp://example.org/model", "file:///etc/passwd"])
async def test_redirect_to_other_scheme_is_refused(target: str) -> None:
    assert "not HTTP" in (await download_error(redirect_to(target))).detail


@pytest.mark.parametrize("answer", [never_respond, trickle_headers])
async def test_first_byte_timeout(answer: Responder) -> None:
    fault = await download_error(answer, limits=IMPATIENT)
    assert "within 0.5 s" in fault.detail
    assert fault.transient


async def test_idle_timeout() -> None:
    fault = await download_error(stall, limits=IMPATIENT)
    assert "no data for 0.5 s" in fault.detail
    assert fault.transient


async def test_total_timeout() -> None:
    fault = await download_error(trickle, limits=IMPATIENT)
    assert "more than 1.5 s" in fault.detail
    assert fault.transient


@pytest.mark.parametrize("answer", [reset_connection, truncate(an_archive())])
async def test_broken_connection_is_transient(answer: Responder) -> None:
    fault = await download_error(answer)
    assert "connection failed" in fault.detail
    assert fault.transient


async def test_truncated_body_without_length_is_detected() -> None:
    body = an_archive({**GRAPH, "noise": hashlib.shake_256(b"").digest(100_000)})
    for cut in (body[:-20], body[: len(body) // 2], gzip.compress(a_tar()[:700])):
        assert (await download_error(without_length(cut))).detail.startswith(
            ("the archive is damaged", "the downloaded file is not")
        )


async def test_unreachable_server() -> None:
    with mirror(never_respond) as server:
        gone = parse_model_source(server.url)
    with pytest.raises(DownloadFailed, match="connection failed"):
        async with HttpModelDownloader(LIMITS).download(gone, ignore_progress):
            pass


async def test_web_page_is_refused() -> None:
    page = b"<html>Sign in to the network of this hotel</html>" * 100
    assert "a web page" in (await download_error(respond_with(page, "text/html; charset=utf-8"))).detail
    assert "not a .tar.gz archive" in (await download_error(respond_with(page))).detail
    assert "not a .tar.gz archive" in (await download_error(respond_with(gzip.compress(page)))).detail
    assert "damaged" in (await download_error(respond_with(gzip.compress(page)[:2] + page))).detail


@pytest.mark.parametrize("body", [b"", an_archive({}), an_archive({"readme": b"hello"})])
async def test_archive_without_graph_is_refused(body: bytes) -> None:
    assert not (await download_error(respond_with(body))).transient


@pytest.mark.parametrize("answer", [send_endlessly, respond_with(b"\x1f\x8b" * 600_000)])
async def test_too_large_body_is_refused(answer: Responder) -> None:
    fault = await download_error(answer)
    assert "larger than 1 MB" in fault.detail
    assert not fault.transient


async def test_decompression_bomb_is_refused() -> None:
    bomb = an_archive({**GRAPH, "zeros": bytes(4_000_000)})
    assert len(bomb) < 10_000
    assert "contains more than 3 MB" in (await download_error(respond_with(bomb))).detail


async def test_archive_with_large_header_is_refused() -> None:
    """tarfile reads a long name into memory."""
    bomb = an_archive({**GRAPH, "x" * 4_000_000: b""})
    assert len(bomb) < 50_000
    assert "contains more than 3 MB" in (await download_error(respond_with(bomb))).detail


async def test_too_many_files_are_refused() -> None:
    files = {f"file-{number}": b"" for number in range(60)}
    assert "more than 50 files" in (await download_error(respond_with(an_archive({**GRAPH, **files})))).detail


@pytest.mark.parametrize("name", ["../outside", "/outside", "a/../../outside", "x" * 250])
async def test_path_traversal_is_refused(name: str) -> None:
    fault = await download_error(respond_with(an_archive({**GRAPH, name: b"I should not be here"})))
    assert "which is not allowed" in fault.detail
    assert not fault.transient


@pytest.mark.parametrize(
    "member",
    [
        a_link("link", "/etc/passwd"),
        a_link("link", "../.."),
        a_link("saved_model.pb.too", "saved_model.pb", tarfile.LNKTYPE),
        a_link("device", "", tarfile.CHRTYPE),
        a_link("pipe", "", tarfile.FIFOTYPE),
    ],
)
async def test_links_and_devices_are_refused(member: tarfile.TarInfo) -> None:
    assert "a link or a device" in (await download_error(respond_with(an_archive(GRAPH, member)))).detail


@pytest.mark.parametrize("name", ["saved_model.pb", "saved_model.pb/inside"])
async def test_duplicate_name_is_refused(name: str) -> None:
    assert "twice" in (await download_error(respond_with(an_archive(GRAPH, tarfile.TarInfo(name))))).detail
