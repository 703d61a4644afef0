"""Quantizes the current model to int8, for comparison with it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from adapters.decoding.pool import DecodingPool
from adapters.onnx.models import OnnxModelStore
from adapters.onnx.runtime_package import runtime_package
from domain.limits import Limits
from domain.vision import DEFAULT_TOP, ImageClassifier, Model, Prediction
from domain.vision.conversion import ProgressReporter
from domain.vision.quantization import ModelQuantizer, QuantizationTrial


class OnnxModelQuantizer(ModelQuantizer):
    def __init__(self, models: OnnxModelStore, limits: Limits, pool: DecodingPool) -> None:
        self._models = models
        self._pool = pool
        self._max_pixels = limits.max_pixels

    async def quantize(self, images: Sequence[bytes], report: ProgressReporter) -> QuantizationTrial:
        return await asyncio.to_thread(self._quantize, images, report)

    def _quantize(self, images: Sequence[bytes], report: ProgressReporter) -> QuantizationTrial:
        runtime_package()
        from adapters.onnx.preprocessing import image_tensor
        from adapters.onnx.sessions import open_session
        from adapters.onnx.static_quantization import quantize_weights

        model, path = self._models.weights("fp32")
        weights = path.read_bytes()
        session = open_session(weights, "cpu")
        report(f"calibrating {model} on {len(images)} images")
        smaller = quantize_weights(
            weights, session.input_name, [image_tensor(self._pool, data, self._max_pixels) for data in images]
        )
        return QuantizationTrial(
            model=SessionImageClassifier(model, session, self._max_pixels, self._pool),
            smaller=SessionImageClassifier(model, open_session(smaller, "cpu"), self._max_pixels, self._pool),
            keep=partial(self._models.save_int8, model, smaller),
        )


@dataclass(frozen=True, slots=True)
class SessionImageClassifier(ImageClassifier):
    """Classifies images one at a time with a `CheckedSession`."""

    of: Model
    session: Any
    max_pixels: int
    pool: DecodingPool

    async def classify(self, data: bytes, top: int = DEFAULT_TOP) -> Prediction:
        return await asyncio.to_thread(self._classify, data, top)

    async def model(self) -> Model:
        return self.of

    def _classify(self, data: bytes, top: int) -> Prediction:
        from adapters.onnx.labels import best_labels
        from adapters.onnx.preprocessing import image_tensor

        logits, embeddings = self.session.run(image_tensor(self.pool, data, self.max_pixels))
        return Prediction(self.of, best_labels(logits[0], top), tuple(embeddings[0].tolist()))
