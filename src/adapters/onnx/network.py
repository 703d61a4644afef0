"""Runs the current model in this process, by ONNX Runtime."""

import asyncio
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any, TypeVar
from weakref import finalize

from adapters.decoding.pool import MAX_PROCESSES, Decoding
from adapters.onnx.batching import Batcher, Prepare
from adapters.onnx.device import Device, Precision
from adapters.onnx.models import OnnxModelStore
from adapters.onnx.synchronized import desired_precision
from adapters.system.executor import BoundedExecutor
from adapters.system.memory import release_freed_memory
from domain.errors import Unavailable
from domain.vision import Model, ModelMissing, UnusableModel
from domain.vision.inference import Inference, Network, NetworkLoad, Tensor, check_images, check_pixels

T = TypeVar("T")

MAX_WAITING = 128
"""The capacity of the queue in images, of 0.6 MB each."""
MAX_BATCH_CPU, MAX_BATCH_CPU_INT8, MAX_BATCH_CUDA = 2, 1, 64
"""Images per batch, measured. On a CPU, a batch of two takes as long as two single runs, and larger batches take longer
and more memory. In int8, a batch of two takes a tenth longer."""

DECODE_WAIT = 0.1
"""Seconds that an inference thread waits for a decoded image: ten times what a photograph takes."""

logger = logging.getLogger("tintype.onnx")


class _StillDecoding(Exception):
    """The image is not decoded yet."""


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model in memory, and the store's stamp when it was loaded."""

    stamp: tuple[int, int]
    model: Model
    queue: Batcher


class OnnxNetwork(Network):
    """One session that `threads` use concurrently: by default one more than there are cores, because one of them waits
    for a decoding process most of the time. It is loaded at first use, and again when the store's current model
    changes."""

    def __init__(
        self,
        models: OnnxModelStore,
        device: Device = "auto",
        precision: Precision = "auto",
        threads: int | None = None,
        waiting: int = MAX_WAITING,
    ) -> None:
        self._models = models
        self._device = device
        self._precision = precision
        self._threads = threads or (os.cpu_count() or 1) + 1
        self._waiting = waiting
        self._load_lock = Lock()
        self._loaded: LoadedModel | None = None
        self._executor = BoundedExecutor("model loading", 1, waiting)
        self._decoding = BoundedExecutor("classification", MAX_PROCESSES, waiting)

    async def infer(self, images: Tensor) -> Inference:
        import numpy as np

        check_images(images)
        array = np.frombuffer(images.data, dtype="<f4").reshape(images.shape)
        model, (logits, embeddings) = await self._run(
            await self._load_current(), len(array), lambda: _check_array(array), _to_tensors
        )
        return Inference(model, logits, embeddings)

    async def infer_image(self, decoding: Decoding, finish: Callable[[Any, Any], T]) -> tuple[Model, T]:
        """The result of `finish` for the logits and the embedding of the image being decoded.

        On a CPU, the inference thread waits for the image, since passing it between threads costs a tenth of the
        inference. A slow image is awaited elsewhere, so that it delays no other. With a GPU, all images are awaited
        elsewhere.
        """
        from adapters.onnx.preprocessing import as_tensor

        def prepare_in_time() -> Any:
            frame = decoding.result_within(DECODE_WAIT)
            if frame is None:
                raise _StillDecoding
            return as_tensor(frame)

        loaded = await self._load_current()
        if loaded.model.device != "cuda":
            try:
                return await self._run(loaded, 1, prepare_in_time, finish)
            except _StillDecoding:
                loaded = await self._load_current()
        try:
            image = as_tensor(await self._decoding.run(decoding.result))
        except Unavailable:
            decoding.cancel()
            raise
        return await self._run(loaded, 1, lambda: image, finish)

    async def _run(
        self, loaded: LoadedModel, count: int, prepare: Prepare, finish: Callable[[Any, Any], T]
    ) -> tuple[Model, T]:
        while (answer := loaded.queue.submit(count, prepare, finish)) is None:  # the model was replaced in the meantime
            loaded = await self._load_current()
        result: T = await asyncio.wrap_future(answer)
        return loaded.model, result

    async def model(self) -> Model | None:
        try:
            return (await self._load_current()).model
        except ModelMissing:
            return None

    def current_load(self) -> NetworkLoad:
        queue = self._loaded.queue if self._loaded else None
        return NetworkLoad(queue.queue_length, queue.batches) if queue else NetworkLoad()

    async def _load_current(self) -> LoadedModel:
        loaded, stamp = self._loaded, self._models.stamp()
        if loaded is not None and loaded.stamp == stamp:
            return loaded
        return await self._executor.run(self._load)

    def _load(self) -> LoadedModel:
        with self._load_lock:
            stamp = self._models.stamp()
            if self._loaded is None or stamp is None or stamp != self._loaded.stamp:
                self._loaded = self._reload(stamp)
            return self._loaded

    def _reload(self, stamp: tuple[int, int] | None) -> LoadedModel:
        """The current model, or the loaded one if the current one is unusable."""
        from adapters.onnx.sessions import open_session, prefers_cuda

        precision = self._precision
        if precision == "auto":  # the form that the whole deployment runs; int8 is not faster on a GPU
            precision = desired_precision(self._models) or ("fp32" if prefers_cuda(self._device) else "auto")
        try:
            model, weights = self._models.weights(precision)
            session = open_session(weights, self._device)
        except UnusableModel as fault:
            if self._loaded is None or stamp is None:
                raise
            logger.warning("keeping %s, the new model is unusable: %s", self._loaded.model, fault.detail)
            return replace(self._loaded, stamp=stamp)
        release_freed_memory()  # loading a model takes three times the memory of the loaded model
        logger.info("classifying with %s on %s", model, session.device)
        if self._loaded is not None:
            self._loaded.queue.close()
        on_cpu = MAX_BATCH_CPU_INT8 if model.version.endswith("-int8") else MAX_BATCH_CPU
        workers, max_batch = (1, MAX_BATCH_CUDA) if session.device == "cuda" else (self._threads, on_cpu)
        queue = Batcher(session.run, workers, max_batch, self._waiting)
        finalize(self, queue.close)  # ends the threads and frees their session together with this object
        return LoadedModel(stamp or (0, 0), replace(model, device=session.device), queue)


def _check_array(array: Any) -> Any:
    check_pixels(float(array.min()), float(array.max()))
    return array


def _to_tensors(logits: Any, embeddings: Any) -> tuple[Tensor, Tensor]:
    return _to_tensor(logits), _to_tensor(embeddings)


def _to_tensor(array: Any) -> Tensor:
    return Tensor(tuple(array.shape), array.astype("<f4", copy=False).tobytes())
