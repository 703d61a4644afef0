"""What a model sees in a picture, by ONNX Runtime in this process."""

from typing import Any

from adapters.decoding.pool import DecodingPool
from adapters.decoding.protocol import Task
from adapters.onnx.network import OnnxNetwork
from domain.limits import Limits
from domain.vision import SHOWN_LABELS, Embedding, ImageClassifier, Label, Model, Prediction


class OnnxImageClassifier(ImageClassifier):
    def __init__(self, network: OnnxNetwork, limits: Limits, pool: DecodingPool) -> None:
        self._network = network
        self._pool = pool
        self._max_pixels = limits.max_pixels

    async def classify(self, data: bytes, top: int = SHOWN_LABELS) -> Prediction:
        def finish(logits: Any, embeddings: Any) -> tuple[tuple[Label, ...], Embedding]:
            from adapters.onnx.answers import best

            return best(logits[0], top), tuple(embeddings[0].tolist())

        decoding = self._pool.begin(Task.NETWORK, self._max_pixels, data)
        model, (labels, embedding) = await self._network.see(decoding, finish)
        return Prediction(model, labels, embedding)

    async def model(self) -> Model | None:
        return await self._network.model()
