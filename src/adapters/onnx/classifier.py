"""What a model sees in a picture, by ONNX Runtime in this process."""

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

from adapters.onnx.device import Device, Precision
from adapters.onnx.models import OnnxModelStore
from adapters.system.executor import BoundedExecutor
from domain.limits import Limits
from domain.vision import SHOWN_LABELS, ImageClassifier, Model, ModelMissing, Prediction, UnusableModel

log = logging.getLogger("tintype.onnx")


Run = Callable[[Any], tuple[Any, Any]]
"""Float32 arrays: `[N, 224, 224, 3]` to `[N, 1000 or 1001]` and `[N, 1280]`. Their type would be a heavy import."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model in memory, and the stamp of the store it was loaded at."""

    stamp: tuple[int, int]
    model: Model
    run: Run


class OnnxImageClassifier(ImageClassifier):
    """One session that `threads` (the cores, by default) run at once; loaded at first use, and again when the store's
    current model changes."""

    def __init__(
        self, models: OnnxModelStore, device: Device = "auto", precision: Precision = "auto",
        threads: int | None = None, waiting: int = 64, limits: Limits = Limits(),  # noqa: B008 — a frozen value
    ) -> None:  # fmt: skip
        self._models = models
        self._device = device
        self._precision = precision
        self._max_pixels = limits.max_pixels
        self._loading = Lock()
        self._loaded: Loaded | None = None
        self._executor = BoundedExecutor("classifying", threads or os.cpu_count() or 1, waiting)
        self._asking = BoundedExecutor("asking for the model", 1, waiting)

    async def classify(self, data: bytes, top: int = SHOWN_LABELS) -> Prediction:
        return await self._executor.run(self._classify, data, top)

    async def model(self) -> Model | None:
        try:
            return (await self._asking.run(self._current)).model
        except ModelMissing:
            return None

    def _classify(self, data: bytes, top: int) -> Prediction:
        from adapters.onnx.answers import best
        from adapters.onnx.preprocessing import tensor

        loaded = self._current()
        logits, embeddings = loaded.run(tensor(data, self._max_pixels))
        return Prediction(loaded.model, best(logits[0], top), tuple(embeddings[0].tolist()))

    def _current(self) -> Loaded:
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
        return Loaded(stamp or (0, 0), replace(model, device=session.device), session.run)
