"""Equivalent servers: requests rotate among them, and failing servers pause with exponential back-off."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

import httpx

from domain.tracing import SpanKind, Tracing, child_span, current_trace
from domain.vision import ClassifierUnreachable

MIN_BACKOFF, MAX_BACKOFF = 0.5, 60.0
"""The pause of a failing server in seconds; it doubles with each failure."""
ROUNDS = 2
ROUND_PAUSE = 0.2
"""The pause between rounds over all servers in seconds; it doubles each time."""
TIMEOUT = httpx.Timeout(30.0, connect=2.0)

_FAILING = frozenset({HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT})


@dataclass
class Address:
    url: str
    failures: int = 0
    backoff_until: float = 0.0

    def mark_failed(self, now: float) -> None:
        self.backoff_until = now + min(MIN_BACKOFF * (1 << min(self.failures, 16)), MAX_BACKOFF)
        self.failures += 1

    def mark_available(self) -> None:
        self.failures, self.backoff_until = 0, 0.0


class Addresses:
    """`now` is a monotonic clock in seconds."""

    def __init__(
        self, urls: Sequence[str], now: Callable[[], float] = time.monotonic, tracing: Tracing | None = None
    ) -> None:
        self._addresses = [Address(url.rstrip("/")) for url in urls]
        self._now = now
        self._tracing = tracing
        self._next = 0
        self._client: httpx.AsyncClient | None = None

    async def request(
        self, method: str, path: str, content: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """The first response of a server that neither fails nor is busy. Raises `ClassifierUnreachable` if there is
        none."""
        failure = "every server failed recently and is paused"
        for number in range(ROUNDS):
            for address in self._available():
                response = await self._try_address(address, method, path, content, headers or {})
                if isinstance(response, httpx.Response):
                    return response
                failure = response
            if number + 1 < ROUNDS:
                await asyncio.sleep(ROUND_PAUSE * (1 << number))
        raise ClassifierUnreachable("no inference server can be reached now", retry_after=5, operator_detail=failure)

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    def _available(self) -> list[Address]:
        """The servers that are not paused, rotated by one with each call."""
        self._next += 1
        start = self._next % len(self._addresses)
        rotated = self._addresses[start:] + self._addresses[:start]
        return [address for address in rotated if address.backoff_until <= self._now()]

    async def _try_address(
        self, address: Address, method: str, path: str, content: bytes, headers: Mapping[str, str]
    ) -> httpx.Response | str:
        """The response, or the reason why there is none."""
        if self._client is None:
            self._client = httpx.AsyncClient(timeout=TIMEOUT, limits=httpx.Limits(max_connections=64))
        try:
            with child_span(self._tracing, f"{method} {path}", SpanKind.CLIENT):
                sent = {**headers, **current_trace.get()}
                response = await self._client.request(method, address.url + path, content=content, headers=sent)
        except httpx.HTTPError as fault:
            address.mark_failed(self._now())
            return f"{address.url}: {type(fault).__name__} {fault}".rstrip()
        if response.status_code in _FAILING:
            address.mark_failed(self._now())
            return f"{address.url}: status {response.status_code}"
        if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:  # busy, or without a model, but reachable
            return f"{address.url}: {response.text[:200]}"
        address.mark_available()
        return response
