"""What a model sees in a picture, by ONNX Runtime in this process."""

import os
from typing import Any

from adapters.onnx.network import OnnxNetwork
from adapters.system.executor import BoundedExecutor
from domain.limits import Limits
from domain.vision import SHOWN_LABELS, ImageClassifier, Model, Prediction


class OnnxImageClassifier(ImageClassifier):
    """Decodes in `threads` (the cores, by default) beside those that run the network."""

    def __init__(self, network: OnnxNetwork, limits: Limits, threads: int | None = None, waiting: int = 64) -> None:
        self._network = network
        self._max_pixels = limits.max_pixels
        self._decoding = BoundedExecutor("classifying", threads or os.cpu_count() or 1, waiting)

    async def classify(self, data: bytes, top: int = SHOWN_LABELS) -> Prediction:
        from adapters.onnx.answers import best

        model, logits, embeddings = await self._network.run(await self._decoding.run(self._tensor, data))
        labels = await self._decoding.run(best, logits[0], top)
        return Prediction(model, labels, tuple(embeddings[0].tolist()))

    async def model(self) -> Model | None:
        return await self._network.model()

    def _tensor(self, data: bytes) -> Any:
        from adapters.onnx.preprocessing import tensor

        return tensor(data, self._max_pixels)
