"""What Prometheus may ask of the inference service: requests, batches, and how many images wait."""

from asyncio import to_thread
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from domain.inference import NetworkLoad


class InferenceMetrics:
    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._load = NetworkLoad()
        ProcessCollector(registry=self._registry)
        labels = ("method", "route", "status")
        self._requests = Counter("tintype_requests_total", "Requests answered.", labels, registry=self._registry)
        self._seconds = Histogram(
            "tintype_request_seconds", "Seconds from request to answer.", ("method", "route"), registry=self._registry
        )
        self._registry.register(self)

    def observe_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """`route` is the path's template: ids would make a series each."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    async def exposition(self, load: NetworkLoad) -> bytes:
        """All of it as text, made beside the event loop."""
        self._load = load
        return await to_thread(generate_latest, self._registry)

    def collect(self) -> Iterator[Metric]:
        """prometheus_client's way to ask for what is counted elsewhere."""
        yield GaugeMetricFamily("tintype_inference_waiting_images", "Images that wait.", value=self._load.waiting)
        batches = CounterMetricFamily("tintype_inference_batches", "Batches run, by their size.", labels=("size",))
        for size, count in sorted((self._load.batches or {}).items()):
            batches.add_metric([str(size)], count)
        yield batches
