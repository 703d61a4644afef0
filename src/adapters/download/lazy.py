"""Lazy import of the downloader. Processes that download nothing start faster without httpx."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from adapters.download.downloader import HttpModelDownloader


def make_downloader() -> HttpModelDownloader:
    from adapters.download.downloader import HttpModelDownloader

    return HttpModelDownloader()
