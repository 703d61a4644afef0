"""Adds an embedding output to a classifier."""

from collections.abc import Iterator
from itertools import chain, count
from typing import Any

import onnx
from google.protobuf.message import DecodeError, Message  # type: ignore[import-untyped]
from onnx import TensorProto, helper
from onnx.external_data_helper import uses_external_data

from domain.vision import EMBEDDING_SIZE, UnusableModel

EMBEDDING = "embedding"
_POOLS = frozenset({"GlobalAveragePool", "ReduceMean"})
"""The operators by which exporters express global average pooling in front of the classifier."""


def with_embedding(weights: bytes) -> bytes:
    """The same network with the output `embedding`, float `[N, 1280]`: the pooled activations in front of its
    classifier. A network that already has such an output is returned unchanged. Raises `UnusableModel`."""
    model = _parse(weights)
    graph = model.graph
    if any(_width(output) == EMBEDDING_SIZE for output in graph.output):
        return weights
    pooled = next(_find_pools(graph, [output.name for output in graph.output]), None)
    if pooled is None:
        raise UnusableModel(
            "the network has no global pooling in front of its classifier, which provides the embedding; use a "
            "MobileNetV2 classifier"
        )
    name = _free_name(graph)
    graph.node.append(helper.make_node("Flatten", [pooled], [name], axis=1))
    graph.output.append(
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [_batch_dimension(graph), EMBEDDING_SIZE])
    )
    return bytes(model.SerializeToString(deterministic=True))


def _parse(weights: bytes) -> Any:
    try:
        model = onnx.load_from_string(weights)
    except DecodeError as fault:
        raise UnusableModel("the file is not an ONNX model; use a MobileNetV2 classifier as .onnx") from fault
    if any(uses_external_data(tensor) for tensor in _tensors(model)):
        raise UnusableModel(
            "the model stores weights in other files (external data), which are not installed; save it as one file, for"
            " instance by onnx.save(model, path, save_as_external_data=False)"
        )
    if not model.graph.output:
        raise UnusableModel("the file contains no network with an output; use a MobileNetV2 classifier as .onnx")
    return model


def _tensors(message: Message) -> Iterator[TensorProto]:
    """All tensors of a model: in initializers, attributes, subgraphs, functions and training information."""
    if isinstance(message, TensorProto):
        yield message
        return
    for field, value in message.ListFields():
        if field.message_type is not None:
            for part in [value] if isinstance(value, Message) else value:
                yield from _tensors(part)


def _find_pools(graph: Any, names: list[str]) -> Iterator[str]:
    """The outputs of pooling operators on the paths back from `names`, nearest first."""
    producers = {result: node for node in graph.node for result in node.output}
    seen: set[str] = set()
    while names:
        name = names.pop(0)
        node = producers.get(name)
        if node is None or name in seen:
            continue
        seen.add(name)
        if node.op_type in _POOLS:
            yield name
        names.extend(node.input)


def _free_name(graph: Any) -> str:
    used = {result for node in graph.node for result in node.output}
    names = chain([EMBEDDING], (f"{EMBEDDING}_{number}" for number in count(2)))
    return next(name for name in names if name not in used)


def _width(output: Any) -> int:
    sizes = output.type.tensor_type.shape.dim
    return int(sizes[1].dim_value) if len(sizes) == 2 else 0  # noqa: PLR2004 — [N, width]


def _batch_dimension(graph: Any) -> str | int:
    """The first dimension of the network's own output."""
    first = graph.output[0].type.tensor_type.shape.dim[0]
    return first.dim_param or first.dim_value or "N"
