"""Small models for tests, with the real one's interface: no download, no magic file."""

from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper, save

RED_CLASS, GREEN_CLASS, BLUE_CLASS = 207, 281, 934
"""What the tiny model sees in a red, a green and a blue picture (indices of ILSVRC, 0-999)."""

TINY_CLASSES = {"red": RED_CLASS, "green": GREEN_CLASS, "blue": BLUE_CLASS}


def tiny_model(path: Path, *, outputs: int = 1001, side: int = 224, gain: float = 20.0, broken: bool = False) -> Path:
    """Write float `[N, side, side, 3]` → `[N, outputs]`: the mean colour times one weight for each class.

    Another `gain` makes another model (another hash). A `broken` one answers no numbers (NaN).
    """
    weights = np.zeros((3, outputs), dtype=np.float32)
    for channel, index in enumerate(TINY_CLASSES.values()):
        weights[channel, (index + outputs - 1000) % outputs] = np.nan if broken else gain
    nodes = [
        helper.make_node("ReduceMean", ["inputs"], ["colour"], axes=[1, 2], keepdims=0),
        helper.make_node("MatMul", ["colour", "weights"], ["logits"]),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("inputs", TensorProto.FLOAT, ["N", side, side, 3])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["N", outputs])],
        [numpy_helper.from_array(weights, "weights")],
    )
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    return path
