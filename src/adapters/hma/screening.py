"""Looks up PDQ hashes at a Hasher-Matcher-Actioner server, by `GET /m/lookup`."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import httpx

from domain.blocklist import HashKind, Match
from domain.errors import Unavailable
from domain.json_input import parse_json
from domain.screening import Screening
from domain.vision.pdq import BITS, Pdq, format_pdq

TIMEOUT = httpx.Timeout(10.0, connect=3.0)
"""Well within the lease of an attempt."""
RETRY_AFTER = 5.0


class HmaScreening(Screening):
    """Sends only the hash, never the image. The server compares it with its enabled banks, by its own threshold."""

    def __init__(self, url: str) -> None:
        self._url = f"{url.rstrip('/')}/m/lookup"

    async def look_up(self, pdq: Pdq) -> Match | None:
        query = {"signal": format_pdq(pdq), "signal_type": "pdq"}
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT) as client:
                response = await client.get(self._url, params=query)
        except httpx.HTTPError as fault:
            raise _unavailable(f"{type(fault).__name__} {fault}".rstrip()) from fault
        if response.status_code != HTTPStatus.OK:
            raise _unavailable(f"status {response.status_code}: {response.text[:200]}")
        try:
            return min(_matches(parse_json(response.content)), key=lambda match: match.distance, default=None)
        except (LookupError, ValueError, TypeError, AttributeError) as fault:
            raise _unavailable(f"an invalid answer ({type(fault).__name__}: {fault})") from fault


def _matches(answer: Any) -> Iterator[Match]:
    """The matches of an answer, which lists them by the name of their bank."""
    for bank, found in answer.items():
        for one in found:
            distance = min(max(int(one["distance"]), 0), BITS)
            reason = f"listed as content {int(one['bank_content_id'])}"
            yield Match(HashKind.PDQ, distance, reason, f"bank {bank}"[:100])


def _unavailable(detail: str) -> Unavailable:
    return Unavailable("the screening service is unavailable", retry_after=RETRY_AFTER, operator_detail=detail)
