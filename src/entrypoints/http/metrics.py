"""Metrics that every HTTP service has: how many requests were answered, and how long they took."""

from asyncio import to_thread
from functools import cache

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest


class RequestMetrics:
    """One registry for each application, so that several can live in one process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        labels = ("method", "route", "status")
        self._requests = Counter(
            "tintype_requests_total", "Requests that this process answered.", labels, registry=self._registry
        )
        self._seconds = Histogram(
            "tintype_request_seconds",
            "Seconds from request to answer in this process.",
            ("method", "route"),
            registry=self._registry,
        )
        self._series = cache(self._find_series)

    def observe_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answer. `route` is the path's template: ids would make a series each."""
        requests, durations = self._series(method, route, status)
        requests.inc()
        durations.observe(seconds)

    def _find_series(self, method: str, route: str, status: int) -> tuple[Counter, Histogram]:
        """Look up under the library's lock, once."""
        return self._requests.labels(method, route, str(status)), self._seconds.labels(method, route)

    async def _render(self) -> bytes:
        """All metrics as text, made in a thread: it takes milliseconds."""
        return await to_thread(generate_latest, self._registry)
