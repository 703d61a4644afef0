"""The current model in 8-bit integers, on trial beside it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from adapters.decoding.pool import DecodingPool
from adapters.onnx.installed import runtime_package
from adapters.onnx.models import OnnxModelStore
from domain.conversion import Say
from domain.limits import Limits
from domain.quantisation import ModelQuantizer, Quantized
from domain.vision import SHOWN_LABELS, ImageClassifier, Model, Prediction


class OnnxModelQuantizer(ModelQuantizer):
    def __init__(self, models: OnnxModelStore, limits: Limits, pool: DecodingPool) -> None:
        self._models = models
        self._pool = pool
        self._max_pixels = limits.max_pixels

    async def quantize(self, pictures: Sequence[bytes], say: Say) -> Quantized:
        return await asyncio.to_thread(self._quantized, pictures, say)

    def _quantized(self, pictures: Sequence[bytes], say: Say) -> Quantized:
        runtime_package()
        from adapters.onnx.preprocessing import tensor
        from adapters.onnx.quantisation import quantized
        from adapters.onnx.sessions import proven

        model, path = self._models.weights("fp32")
        weights = path.read_bytes()
        session = proven(weights, "cpu")
        say(f"calibrating {model} on {len(pictures)} pictures")
        smaller = quantized(
            weights, session.input_name, [tensor(self._pool, data, self._max_pixels) for data in pictures]
        )
        return Quantized(
            model=OnTrialImageClassifier(model, session, self._max_pixels, self._pool),
            smaller=OnTrialImageClassifier(model, proven(smaller, "cpu"), self._max_pixels, self._pool),
            keep=partial(self._models.keep_int8, model, smaller),
        )


@dataclass(frozen=True, slots=True)
class OnTrialImageClassifier(ImageClassifier):
    """One `ProvenSession`, asked one picture at a time."""

    of: Model
    session: Any
    max_pixels: int
    pool: DecodingPool

    async def classify(self, data: bytes, top: int = SHOWN_LABELS) -> Prediction:
        return await asyncio.to_thread(self._classify, data, top)

    async def model(self) -> Model:
        return self.of

    def _classify(self, data: bytes, top: int) -> Prediction:
        from adapters.onnx.answers import best
        from adapters.onnx.preprocessing import tensor

        logits, embeddings = self.session.run(tensor(self.pool, data, self.max_pixels))
        return Prediction(self.of, best(logits[0], top), tuple(embeddings[0].tolist()))
