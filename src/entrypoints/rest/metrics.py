"""Prometheus metrics of the API. Requests and latencies are those of this process. The gauges are read from the
database and describe the whole deployment: every process has the same values."""

from asyncio import timeout

from prometheus_client import Gauge
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from container import Container
from domain.counters import CounterCheck
from domain.errors import DomainError
from entrypoints.http.metrics import RequestMetrics

__all__ = ["CONTENT_TYPE_LATEST", "ApiMetrics"]


class ApiMetrics(RequestMetrics):
    """`scrape_timeout`: seconds that a scrape waits for the database."""

    def __init__(self, scrape_timeout: float = 2.0) -> None:
        super().__init__()
        self._scrape_timeout = scrape_timeout
        self._images = Gauge(
            "tintype_understanding_images",
            "Images of the deployment by task and state.",
            ("task", "state"),
            registry=self._registry,
        )

        self._spent = Gauge(
            "tintype_captions_usd_today",
            "US dollars that captions of the deployment cost since midnight UTC.",
            registry=self._registry,
        )
        self._calls = Gauge(
            "tintype_caption_calls_today", "Paid calls of the deployment since midnight UTC.", registry=self._registry
        )

        self._wrong = Gauge(
            "tintype_counters_wrong",
            "Rows of the deployment whose counter differs from what it counts.",
            ("counter",),
            registry=self._registry,
        )
        self._checked = Gauge(
            "tintype_counters_checked_timestamp_seconds",
            "When the counters of the deployment were looked at.",
            registry=self._registry,
        )

    def _record_check(self, check: CounterCheck) -> None:
        self._checked.set(check.checked_at.timestamp())
        for counter, wrong in check.wrong.items():
            self._wrong.labels(counter).set(wrong)

    async def exposition(self, container: Container) -> bytes:
        """Return all metrics as text. If the database does not respond, image counts are left out, and spending and
        counters keep their last values."""
        self._images.clear()
        try:
            async with timeout(self._scrape_timeout):
                counts = await container.image_analysis().task_counts()
                spent = await container.captioning().spent_today()
                self._spent.set(float(spent.usd))
                self._calls.set(spent.calls)
                check = await container.storage().counters.last_check()
                if check is not None:
                    self._record_check(check)
        except (DomainError, TimeoutError):
            counts = ()
        for count in counts:
            self._images.labels(count.task.value, count.state.value).set(count.count)
        return await self._render()
