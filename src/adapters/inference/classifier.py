"""Classifies images with a remote model. Images are decoded here, and classes are named here."""

import json
import time
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import httpx

from adapters.decoding.pool import MAX_PROCESSES, DecodingPool
from adapters.inference.addresses import Addresses
from adapters.system.executor import BoundedExecutor
from domain.json_input import parse_json
from domain.limits import Limits
from domain.tracing import Tracing
from domain.vision import DEFAULT_TOP, UNKNOWN, ClassifierUnreachable, ImageClassifier, Model, Prediction, UnusableModel

MODEL = "/v2/models/mobilenet_v2"
HEAD_LENGTH = "Inference-Header-Content-Length"
OUTPUTS = ("logits", "embedding")
MODEL_CACHE_SECONDS = 5.0
"""How long the server's description of its model is cached."""


class HttpImageClassifier(ImageClassifier):
    """Sends a tensor and receives logits and an embedding as raw bytes. It works with any server of the Open Inference
    Protocol that has a model `mobilenet_v2` with these tensors."""

    def __init__(
        self,
        urls: Sequence[str],
        limits: Limits,
        pool: DecodingPool,
        waiting: int = 64,
        tracing: Tracing | None = None,
    ) -> None:
        self._pool = pool
        self._addresses = Addresses(urls, tracing=tracing)
        self._max_pixels = limits.max_pixels
        self._decoding = BoundedExecutor("classification", MAX_PROCESSES, waiting)
        self._cached_model: tuple[float, Model | None] | None = None

    async def classify(self, data: bytes, top: int = DEFAULT_TOP) -> Prediction:
        from adapters.onnx.labels import best_labels

        head, body = _encode_request(await self._decoding.run(self._tensor, data))
        headers = {HEAD_LENGTH: str(len(head)), "Content-Type": "application/octet-stream"}
        response = await self._addresses.request("POST", f"{MODEL}/infer", head + body, headers)
        model, outputs = _parse_answer(response)
        labels = await self._decoding.run(best_labels, outputs["logits"], top)
        return Prediction(model, labels, tuple(outputs["embedding"].tolist()))

    async def model(self) -> Model | None:
        if self._cached_model is None or time.monotonic() - self._cached_model[0] > MODEL_CACHE_SECONDS:
            self._cached_model = time.monotonic(), await self._fetch_model()
        return self._cached_model[1]

    async def close(self) -> None:
        """Close the connections. A later call opens new ones."""
        await self._addresses.close()

    async def _fetch_model(self) -> Model | None:
        """None also if no server is reachable, or if a response violates the protocol: then no model is usable."""
        try:
            response = await self._addresses.request("GET", MODEL)
        except ClassifierUnreachable:
            return None
        if response.status_code != HTTPStatus.OK:
            return None
        try:
            return _parse_model(parse_json(response.content))
        except (LookupError, ValueError, TypeError):
            return None

    def _tensor(self, data: bytes) -> Any:
        from adapters.onnx.preprocessing import image_tensor

        return image_tensor(self._pool, data, self._max_pixels)


def _parse_model(metadata: Mapping[str, Any]) -> Model:
    """Only Tintype's own servers state a licence, a source and classes."""
    sizes = {output["name"]: output["shape"][-1] for output in metadata["outputs"]}
    return Model(
        name=str(metadata["name"]),
        version=str(metadata["versions"][-1]),
        device="http",
        licence=str(metadata.get("licence", UNKNOWN)),
        source=str(metadata.get("source", UNKNOWN)),
        classes=int(sizes["logits"]),
    )


def _encode_request(images: Any) -> tuple[bytes, bytes]:
    body = images.astype("<f4", copy=False).tobytes()
    size = {"binary_data_size": len(body)}
    tensor = {"name": "inputs", "datatype": "FP32", "shape": list(images.shape), "parameters": size}
    outputs = [{"name": name, "parameters": {"binary_data": True}} for name in OUTPUTS]
    return json.dumps({"inputs": [tensor], "outputs": outputs}).encode(), body


def _parse_answer(response: httpx.Response) -> tuple[Model, Mapping[str, Any]]:
    """The model, and the outputs for the one image. Raises `UnusableModel` for a response that violates the
    protocol."""
    import numpy as np

    if response.status_code != HTTPStatus.OK:
        raise UnusableModel(f"the inference server refused an image: {response.text[:200]}")
    try:
        length = int(response.headers[HEAD_LENGTH])
        head, rest = parse_json(response.content[:length]), memoryview(response.content)[length:]
        outputs, at = {}, 0
        for output in head["outputs"]:
            size = output["parameters"]["binary_data_size"]
            outputs[output["name"]] = np.frombuffer(rest[at : at + size], dtype="<f4")
            at += size
        # Only Tintype's own servers state the temperature that calibrates their probabilities.
        temperature = float(head.get("parameters", {}).get("temperature", 1.0))
        model = Model(str(head["model_name"]), str(head["model_version"]), "http", temperature)
        return model, {name: outputs[name] for name in OUTPUTS}
    except (LookupError, ValueError, TypeError) as fault:
        raise UnusableModel(f"the inference server's response is invalid ({type(fault).__name__}: {fault})") from fault
