"""Encodes and decodes tensors: JSON, or raw bytes after a JSON header (Triton's binary-tensor extension)."""

import asyncio
import json
import sys
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeGuard

from domain.json_input import parse_json
from domain.vision import Model
from domain.vision.inference import Tensor, WrongTensor
from entrypoints.http.errors import MalformedBody

HEAD_LENGTH = "Inference-Header-Content-Length"
MAX_DIMENSIONS = 8
MAX_QUOTED = 100
"""Characters of a wrong value that an error message repeats."""
MAX_LENGTH_DIGITS = 20
"""The maximum number of digits; Python refuses to parse thousands."""


@dataclass(frozen=True, slots=True)
class InferenceRequest:
    """An inference request. `outputs` are the requested outputs, and whether each is sent as raw bytes."""

    id: str | None
    images: Tensor
    outputs: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class EncodedResponse:
    body: bytes
    headers: Mapping[str, str]
    media_type: str


async def decode_request(body: bytes, headers: Mapping[str, str], names: Sequence[str]) -> InferenceRequest:
    """Raises `MalformedBody`, `WrongTensor`."""
    return await asyncio.to_thread(_decode_request, body, headers.get(HEAD_LENGTH), names)


def _decode_request(body: bytes, head_length: str | None, names: Sequence[str]) -> InferenceRequest:
    length = len(body) if head_length is None else _parse_length(head_length, len(body))
    head = _parse_head(body[:length])
    inputs = head.get("inputs")
    if not isinstance(inputs, list) or len(inputs) != 1 or not isinstance(inputs[0], dict):
        raise WrongTensor("inputs must be a list of one tensor, named inputs")
    request_id = head.get("id")
    outputs = _requested_outputs(head, names)
    return InferenceRequest(
        None if request_id is None else str(request_id), _decode_tensor(inputs[0], body[length:]), outputs
    )


def _parse_length(text: str, most: int) -> int:
    if not text.isdecimal() or len(text) > MAX_LENGTH_DIGITS or int(text) > most:
        raise MalformedBody(f"{HEAD_LENGTH} is {text[:20]!r}; the body has {most} bytes")
    return int(text)


def _parse_head(text: bytes) -> dict[str, Any]:
    try:
        head = parse_json(text)
    except ValueError as fault:
        raise MalformedBody(f"the request is not JSON ({fault})") from None
    if not isinstance(head, dict):
        raise MalformedBody("the request is not a JSON object")
    return head


def _decode_tensor(entry: Mapping[str, Any], rest: bytes) -> Tensor:
    if entry.get("name") != "inputs" or entry.get("datatype") != "FP32":
        raise WrongTensor(
            f"the input is {_quote(entry.get('name'))} of {_quote(entry.get('datatype'))}; "
            "the model needs 'inputs' of 'FP32'"
        )
    shape = entry.get("shape")
    if not _is_shape(shape):
        raise WrongTensor(f"the input's shape is {_quote(shape)}; it must be a list of sizes, [N, 224, 224, 3]")
    size = _parameters(entry).get("binary_data_size")
    if size is None:
        return Tensor(tuple(shape), _pack(entry.get("data")))
    if size != len(rest):
        raise WrongTensor(
            f"the input announces {_quote(size)} bytes of binary data; {len(rest)} follow", actual=len(rest)
        )
    return Tensor(tuple(shape), rest)


def _is_shape(shape: object) -> TypeGuard[list[int]]:
    return (
        isinstance(shape, list)
        and len(shape) <= MAX_DIMENSIONS
        and all(type(size) is int and 0 <= size < 1 << 31 for size in shape)
    )


def _quote(value: object) -> str:
    """Return the beginning of a value for an error message."""
    text = repr(value)
    return text if len(text) <= MAX_QUOTED else f"{text[:MAX_QUOTED]}…"


def _pack(data: object) -> bytes:
    """The numbers of a list, or of nested lists, row by row."""
    while isinstance(data, list) and data and isinstance(data[0], list):
        if not all(isinstance(part, list) for part in data):
            raise WrongTensor("the input's data mixes numbers and lists")
        data = list(chain.from_iterable(data))
    try:
        numbers = array("f", data if isinstance(data, list) else [None])
    except (TypeError, OverflowError):
        raise WrongTensor(
            "the input's data is not a list of numbers; send one, or raw bytes (binary_data_size)"
        ) from None
    return _to_little_endian(numbers)


def _to_little_endian(numbers: "array[float]") -> bytes:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


def _requested_outputs(head: Mapping[str, Any], names: Sequence[str]) -> dict[str, bool]:
    binary = _parameters(head).get("binary_data_output") is True
    wanted = head.get("outputs")
    if wanted is None:
        return dict.fromkeys(names, binary)
    if not isinstance(wanted, list) or not all(isinstance(one, dict) and one.get("name") in names for one in wanted):
        raise WrongTensor(f"outputs may only name {' and '.join(names)}")
    return {one["name"]: bool(_parameters(one).get("binary_data", binary)) for one in wanted}


def _parameters(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    parameters = fields.get("parameters", {})
    return parameters if isinstance(parameters, Mapping) else {}


async def encode_response(wanted: InferenceRequest, model: Model, tensors: Mapping[str, Tensor]) -> EncodedResponse:
    """The response with the requested outputs in the requested form."""
    return await asyncio.to_thread(_encode_response, wanted, model, tensors)


def _encode_response(wanted: InferenceRequest, model: Model, tensors: Mapping[str, Tensor]) -> EncodedResponse:
    raw = b"".join(tensors[output].data for output, binary in wanted.outputs.items() if binary)
    encoded = [_encode_tensor(output, tensors[output], binary=binary) for output, binary in wanted.outputs.items()]
    head: dict[str, Any] = {
        "model_name": model.name,
        "model_version": model.version,
        "parameters": {"temperature": model.temperature},
        "outputs": encoded,
    }
    if wanted.id is not None:
        head["id"] = wanted.id
    text = json.dumps(head, separators=(",", ":")).encode()
    if not raw:
        return EncodedResponse(text, {}, "application/json")
    return EncodedResponse(text + raw, {HEAD_LENGTH: str(len(text))}, "application/octet-stream")


def _encode_tensor(name: str, tensor: Tensor, *, binary: bool) -> dict[str, Any]:
    encoded: dict[str, Any] = {"name": name, "datatype": "FP32", "shape": list(tensor.shape)}
    if binary:
        return {**encoded, "parameters": {"binary_data_size": len(tensor.data)}}
    numbers = array("f", tensor.data)
    if sys.byteorder == "big":
        numbers.byteswap()
    return {**encoded, "data": numbers.tolist()}
