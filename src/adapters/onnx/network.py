"""The current model in memory, by ONNX Runtime in this process."""

import asyncio
import logging
import os
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any
from weakref import finalize

from adapters.onnx.batching import Batcher
from adapters.onnx.device import Device, Precision
from adapters.onnx.models import OnnxModelStore
from adapters.system.executor import BoundedExecutor
from domain.inference import Inference, Load, Network, Tensor, check_images
from domain.vision import Model, ModelMissing, UnusableModel

WAITING = 128
"""Images; each takes 0.6 MB."""
MOST_ON_CPU = 8
"""Images of a batch: measured, more gain nothing on a processor, and those who wait would wait longer."""
MOST_ON_CUDA = 64

log = logging.getLogger("tintype.onnx")


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model in memory, and the stamp of the store it was loaded at."""

    stamp: tuple[int, int]
    model: Model
    queue: Batcher


class OnnxNetwork(Network):
    """One session that `threads` (the cores, by default) run at once; loaded at first use, and again when the store's
    current model changes."""

    def __init__(
        self,
        models: OnnxModelStore,
        device: Device = "auto",
        precision: Precision = "auto",
        threads: int | None = None,
        waiting: int = WAITING,
    ) -> None:
        self._models = models
        self._device = device
        self._precision = precision
        self._threads = threads or os.cpu_count() or 1
        self._waiting = waiting
        self._loading = Lock()
        self._loaded: Loaded | None = None
        self._executor = BoundedExecutor("loading of models", 1, waiting)

    async def infer(self, images: Tensor) -> Inference:
        import numpy as np

        check_images(images)
        model, logits, embeddings = await self.run(np.frombuffer(images.data, dtype="<f4").reshape(images.shape))
        return Inference(model, _tensor(logits), _tensor(embeddings))

    async def run(self, images: Any) -> tuple[Model, Any, Any]:
        """The same on float32 arrays."""
        loaded = await self._current()
        while (answer := loaded.queue.submit(images)) is None:  # another model took its place just now
            loaded = await self._current()
        logits, embeddings = await asyncio.wrap_future(answer)
        return loaded.model, logits, embeddings

    async def model(self) -> Model | None:
        try:
            return (await self._current()).model
        except ModelMissing:
            return None

    def load(self) -> Load:
        queue = self._loaded.queue if self._loaded else None
        return Load(queue.waiting, queue.batches) if queue else Load()

    async def _current(self) -> Loaded:
        loaded, stamp = self._loaded, self._models.stamp()
        if loaded is not None and loaded.stamp == stamp:
            return loaded
        return await self._executor.run(self._load)

    def _load(self) -> Loaded:
        with self._loading:
            stamp = self._models.stamp()
            if self._loaded is None or stamp is None or stamp != self._loaded.stamp:
                self._loaded = self._reloaded(stamp)
            return self._loaded

    def _reloaded(self, stamp: tuple[int, int] | None) -> Loaded:
        """The model that is current now, or the old one when the new one is unusable."""
        from adapters.onnx.sessions import proven, would_use_cuda

        # Integers are for processors: a GPU is no faster with them.
        on_gpu = self._precision == "auto" and would_use_cuda(self._device)
        try:
            model, weights = self._models.weights("fp32" if on_gpu else self._precision)
            session = proven(weights, self._device)
        except UnusableModel as fault:
            if self._loaded is None or stamp is None:
                raise
            log.warning("keeping %s, the new model is unusable: %s", self._loaded.model, fault.detail)
            return replace(self._loaded, stamp=stamp)
        log.info("classifying with %s on %s", model, session.device)
        if self._loaded is not None:
            self._loaded.queue.close()
        workers, most = (1, MOST_ON_CUDA) if session.device == "cuda" else (self._threads, MOST_ON_CPU)
        queue = Batcher(session.run, workers, most, self._waiting)
        finalize(self, queue.close)  # its threads, and the session they hold, go with whoever asked for them
        return Loaded(stamp or (0, 0), replace(model, device=session.device), queue)


def _tensor(array: Any) -> Tensor:
    return Tensor(tuple(array.shape), array.astype("<f4", copy=False).tobytes())
