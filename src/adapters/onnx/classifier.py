"""Classifies images with ONNX Runtime in this process."""

from collections.abc import Sequence
from typing import Any

from adapters.decoding.pool import DecodingPool
from adapters.decoding.protocol import DecodingTask
from adapters.onnx.network import OnnxNetwork
from domain.limits import Limits
from domain.vision import DEFAULT_TOP, Embedding, ImageClassifier, Label, Model, Prediction


class OnnxImageClassifier(ImageClassifier):
    def __init__(self, network: OnnxNetwork, limits: Limits, pool: DecodingPool) -> None:
        self._network = network
        self._pool = pool
        self._max_pixels = limits.max_pixels

    async def classify(self, data: bytes, top: int = DEFAULT_TOP) -> Prediction:
        def finish(logits: Any, embeddings: Any) -> tuple[Sequence[Label], Embedding]:
            from adapters.onnx.labels import best_labels

            return best_labels(logits[0], top), tuple(embeddings[0].tolist())

        decoding = self._pool.new_decoding(DecodingTask.NETWORK, self._max_pixels, data)
        model, (labels, embedding) = await self._network.infer_image(decoding, finish)
        return Prediction(model, labels, embedding)

    async def model(self) -> Model | None:
        return await self._network.model()
