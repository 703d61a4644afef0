"""Prometheus metrics of the inference service: requests, batches, queued images."""

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from domain.vision.inference import NetworkLoad
from entrypoints.http.metrics import RequestMetrics


class InferenceMetrics(RequestMetrics):
    def __init__(self) -> None:
        super().__init__()
        self._load = NetworkLoad()
        self._registry.register(self)

    async def exposition(self, load: NetworkLoad) -> bytes:
        """All metrics as text."""
        self._load = load
        return await self._render()

    def collect(self) -> Iterator[Metric]:
        """Called by prometheus_client to read external counters."""
        yield GaugeMetricFamily("tintype_inference_waiting_images", "Queued images.", value=self._load.waiting)
        batches = CounterMetricFamily("tintype_inference_batches", "Batches by size.", labels=("size",))
        for size, count in sorted((self._load.batches or {}).items()):
            batches.add_metric([str(size)], count)
        yield batches
