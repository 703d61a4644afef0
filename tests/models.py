"""Small models for tests with the interface of the real one: nothing is downloaded."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper, save

from adapters.onnx.classifier import OnnxImageClassifier
from adapters.onnx.device import Device, Precision
from adapters.onnx.models import OnnxModelStore
from adapters.onnx.network import OnnxNetwork
from domain.limits import Limits
from tests.decoders import POOL

RED_CLASS, GREEN_CLASS, BLUE_CLASS = 207, 281, 934
"""The classes of red, green and blue images for the tiny model (ILSVRC indices, 0-999)."""

TINY_CLASSES = {"red": RED_CLASS, "green": GREEN_CLASS, "blue": BLUE_CLASS}


FEATURES = 1280


def new_classifier(
    models: OnnxModelStore, device: Device = "cpu", precision: Precision = "auto"
) -> OnnxImageClassifier:
    """A classifier with the store's current model."""
    return OnnxImageClassifier(OnnxNetwork(models, device, precision), Limits(), POOL)


def tiny_model(
    path: Path,
    *,
    outputs: int = 1001,
    side: int = 224,
    gain: float = 20.0,
    broken: bool = False,
    embedding: bool = False,
    pooled: bool = True,
    classes: tuple[int, int, int] = (RED_CLASS, GREEN_CLASS, BLUE_CLASS),
) -> Path:
    """Write a model float `[N, side, side, 3]` → `[N, outputs]`: the mean colour times a weight per class.

    As in MobileNetV2, 1,280 channels are pooled before the classifier; with `embedding` they are an output too.
    Different values of `gain` make different models (hashes). A `broken` model returns NaN. Without `pooled`, the
    maximum of each channel is taken instead of the mean. `classes`: the classes of red, green and blue.
    """
    nodes = [
        helper.make_node("Transpose", ["inputs"], ["planes"], perm=[0, 3, 1, 2]),
        # First to 7 × 7, as in MobileNetV2: 1,280 planes of 224 × 224 would take 250 MB.
        helper.make_node("AveragePool", ["planes"], ["places"], kernel_shape=[32, 32], strides=[32, 32]),
        helper.make_node("Conv", ["places", "channels"], ["features"]),
        helper.make_node("GlobalAveragePool" if pooled else "GlobalMaxPool", ["features"], ["pooled"]),
        helper.make_node("Flatten", ["pooled"], ["flat"], axis=1),
        helper.make_node("MatMul", ["flat", "weights"], ["logits"]),
    ]
    given = {"logits": outputs}
    if embedding:
        nodes.append(helper.make_node("Identity", ["flat"], ["embedding"]))
        given["embedding"] = FEATURES
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("inputs", TensorProto.FLOAT, ["N", side, side, 3])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", size]) for name, size in given.items()],
        [
            numpy_helper.from_array(_channels(), "channels"),
            numpy_helper.from_array(_weights(outputs, np.nan if broken else gain, classes), "weights"),
        ],
    )
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    return path


def _channels() -> NDArray[np.float32]:
    """The first three channels are red, green and blue, the others mixtures of them."""
    mixtures = np.random.default_rng(0).random((FEATURES, 3), dtype=np.float32)
    mixtures[:3] = np.eye(3)
    return mixtures[:, :, np.newaxis, np.newaxis]


def _weights(outputs: int, gain: float, classes: tuple[int, int, int]) -> NDArray[np.float32]:
    weights = np.zeros((FEATURES, outputs), dtype=np.float32)
    for channel, index in enumerate(classes):
        weights[channel, (index + outputs - 1000) % outputs] = gain
    return weights


def tiny_detector(*, side: int = 224) -> bytes:
    """A model with the interface of open_nsfw, float `[N, side, side, 3]` → `[N, 2]`: the redder, the more sensitive.
    It expects what open_nsfw expects: blue, green, red, minus the mean of the training data."""
    weights = np.array([[0, 0], [0, 0], [0, 0.05]], dtype=np.float32)
    nodes = [
        helper.make_node("ReduceMean", ["input"], ["mean"], axes=[1, 2], keepdims=0),
        helper.make_node("MatMul", ["mean", "weights"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["predictions"], axis=1),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["N", side, side, 3])],
        [helper.make_tensor_value_info("predictions", TensorProto.FLOAT, ["N", 2])],
        [numpy_helper.from_array(weights, "weights")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return bytes(model.SerializeToString())
