"""Builds the ONNX graph of EfficientNet-Lite0 from the tensors of its checkpoint.

Architecture and constants: github.com/tensorflow/tpu, models/official/efficientnet/lite (no squeeze-and-excitation,
ReLU6, stem and head of fixed width). The checkpoint was converted from TensorFlow, hence epsilon and padding.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from adapters.efficientnet.checkpoint import Tensors
from domain.vision import CLASS_COUNT, EMBEDDING_SIZE

SIDE = 224
_OPSET, _IR_VERSION = 17, 8
_EPSILON = 1e-3
_MEAN, _DEVIATION = 127.0, 128.0
"""The normalization of pixel values from 0 to 255."""
_STEM_WIDTH = 32


class _Stage(NamedTuple):
    """Blocks of the same width. The first block applies the stride."""

    blocks: int
    stride: int
    expands: bool
    width: int


_STAGES = (
    _Stage(1, 1, False, 16),
    _Stage(2, 2, True, 24),
    _Stage(2, 2, True, 40),
    _Stage(3, 2, True, 80),
    _Stage(3, 1, True, 112),
    _Stage(4, 2, True, 192),
    _Stage(1, 1, True, 320),
)


def build_onnx(weights: Tensors, metadata: Mapping[str, str]) -> bytes:
    """An .onnx file: `inputs` float `[N, 224, 224, 3]`, RGB from 0 to 1, to `logits` `[N, 1000]` and `embedding` `[N,
    1280]`. The file contains `metadata`. Equal arguments give equal bytes."""
    graph = _Graph(weights)
    for name, value in (("zero", 0.0), ("six", 6.0), ("mean", _MEAN / 255)):
        graph.add_constant(name, np.float32(value))
    planes = graph.add_node("Transpose", ["inputs"], "planes", perm=[0, 3, 1, 2])
    centred = graph.add_node("Sub", [planes, "mean"], "centred")
    stem = graph.add_relu6(graph.add_convolution(centred, "_conv_stem", "_bn0", SIDE, 2, scale=255 / _DEVIATION))
    features = _add_stages(graph, stem)
    head = graph.add_relu6(graph.add_convolution(features, "_conv_head", "_bn1", SIDE // 32))
    pooled = graph.add_node("GlobalAveragePool", [head], "pooled")
    embedding = graph.add_node("Flatten", [pooled], "embedding", axis=1)
    classifier = [graph.add_constant(name, weights[name]) for name in ("_fc.weight", "_fc.bias")]
    graph.add_node("Gemm", [embedding, *classifier], "logits", transB=1)
    return graph.serialize(metadata)


def _add_stages(graph: "_Graph", result: str) -> str:
    number, side, width = 0, SIDE // 2, _STEM_WIDTH
    for stage in _STAGES:
        for block in range(stage.blocks):
            stride = stage.stride if block == 0 else 1
            residual = stride == 1 and width == stage.width
            result = _add_block(graph, result, f"_blocks.{number}", side, stride, stage.expands, residual)
            number, side, width = number + 1, -(-side // stride), stage.width
    return result


def _add_block(
    graph: "_Graph", block_input: str, name: str, side: int, stride: int, expands: bool, residual: bool
) -> str:
    """An inverted residual block (arXiv:1801.04381) on planes of `side` × `side`."""
    norms = iter(f"{name}._bn{number}" for number in range(0 if expands else 1, 3))
    result = block_input
    if expands:
        result = graph.add_relu6(graph.add_convolution(result, f"{name}._expand_conv", next(norms), side))
    result = graph.add_relu6(graph.add_convolution(result, f"{name}._depthwise_conv", next(norms), side, stride))
    result = graph.add_convolution(result, f"{name}._project_conv", next(norms), -(-side // stride))
    return graph.add_node("Add", [block_input, result], f"{name}.sum") if residual else result


@dataclass(slots=True)
class _Graph:
    weights: Tensors
    nodes: list[Any] = field(default_factory=list)
    constants: list[Any] = field(default_factory=list)

    def add_constant(self, name: str, value: Any) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add_node(self, kind: str, inputs: list[str], name: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, **attributes))
        return name

    def add_relu6(self, result: str) -> str:
        return self.add_node("Clip", [result, "zero", "six"], f"{result}.relu6")

    def add_convolution(self, result: str, name: str, norm: str, side: int, stride: int = 1, scale: float = 1.0) -> str:
        """A convolution with the batch normalization `norm` folded into it. The padding is TensorFlow's SAME: an odd
        pixel is added at the end. `scale` multiplies the input."""
        kernel = self.weights[f"{name}.weight"].astype(np.float64) * scale
        factor, offset = self._normalization(norm)
        size = kernel.shape[-1]
        padding = max((-(-side // stride) - 1) * stride + size - side, 0)
        before, after = padding // 2, padding - padding // 2
        parameters = [
            self.add_constant(f"{name}.weight", (kernel * factor[:, None, None, None]).astype(np.float32)),
            self.add_constant(f"{name}.bias", offset.astype(np.float32)),
        ]
        return self.add_node(
            "Conv",
            [result, *parameters],
            name,
            kernel_shape=[size, size],
            strides=[stride, stride],
            pads=[before, before, after, after],
            group=len(kernel) if kernel.shape[1] == 1 else 1,
        )

    def _normalization(self, norm: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The factor and the offset of each channel."""
        names = ("weight", "bias", "running_mean", "running_var")
        gamma, beta, mean, variance = (self.weights[f"{norm}.{name}"].astype(np.float64) for name in names)
        factor = gamma / np.sqrt(variance + _EPSILON)
        return factor, beta - mean * factor

    def serialize(self, metadata: Mapping[str, str]) -> bytes:
        describe = helper.make_tensor_value_info
        graph = helper.make_graph(
            self.nodes,
            metadata["name"],
            [describe("inputs", TensorProto.FLOAT, ["N", SIDE, SIDE, 3])],
            [
                describe("logits", TensorProto.FLOAT, ["N", CLASS_COUNT]),
                describe("embedding", TensorProto.FLOAT, ["N", EMBEDDING_SIZE]),
            ],
            self.constants,
        )
        opset = helper.make_opsetid("", _OPSET)
        model = helper.make_model(graph, opset_imports=[opset], producer_name="tintype", ir_version=_IR_VERSION)
        helper.set_model_props(model, dict(metadata))
        return bytes(model.SerializeToString(deterministic=True))
