"""Prometheus metrics of the inference service: requests, batches, waiting images."""

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
        """prometheus_client's way to ask for what is counted elsewhere."""
        yield GaugeMetricFamily("tintype_inference_waiting_images", "Images that wait.", value=self._load.waiting)
        batches = CounterMetricFamily("tintype_inference_batches", "Batches run, by their size.", labels=("size",))
        for size, count in sorted((self._load.batches or {}).items()):
            batches.add_metric([str(size)], count)
        yield batches
