"""Lazy import of the classifier over HTTP. Processes that do not use it start faster without httpx."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from adapters.decoding.pool import DecodingPool
    from adapters.inference.classifier import HttpImageClassifier
    from domain.limits import Limits


def make_classifier(urls: Sequence[str], limits: Limits, pool: DecodingPool) -> HttpImageClassifier:
    from adapters.inference.classifier import HttpImageClassifier

    return HttpImageClassifier(urls, limits, pool)
