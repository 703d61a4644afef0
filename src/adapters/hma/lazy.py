"""Lazy import of the screening over HTTP. Processes that do not use it start faster without httpx."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from adapters.hma.screening import HmaScreening


def make_screening(url: str) -> HmaScreening:
    from adapters.hma.screening import HmaScreening

    return HmaScreening(url)
