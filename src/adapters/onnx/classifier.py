"""What a model sees in a picture, by ONNX Runtime in this process."""

from typing import Any

from adapters.onnx.network import OnnxNetwork
from domain.limits import Limits
from domain.vision import SHOWN_LABELS, Embedding, ImageClassifier, Label, Model, Prediction


class OnnxImageClassifier(ImageClassifier):
    def __init__(self, network: OnnxNetwork, limits: Limits) -> None:
        self._network = network
        self._max_pixels = limits.max_pixels

    async def classify(self, data: bytes, top: int = SHOWN_LABELS) -> Prediction:
        def decode() -> Any:
            from adapters.onnx.preprocessing import tensor

            return tensor(data, self._max_pixels)

        def finish(logits: Any, embeddings: Any) -> tuple[tuple[Label, ...], Embedding]:
            from adapters.onnx.answers import best

            return best(logits[0], top), tuple(embeddings[0].tolist())

        model, (labels, embedding) = await self._network.see(decode, finish)
        return Prediction(model, labels, embedding)

    async def model(self) -> Model | None:
        return await self._network.model()
