"""Verifies that two forms of a network give the same results."""

import numpy as np
from numpy.typing import NDArray

from adapters.onnx.sessions import open_session
from adapters.onnx.surgery import with_embedding
from domain.vision import UnusableModel

LARGEST_DIFFERENCE = 1e-4
"""The largest accepted difference between two probabilities of a class."""
BEST_CLASSES = 5


def check_agreement(weights: bytes, inputs: NDArray[np.float32], answers: NDArray[np.float32]) -> dict[str, float]:
    """Run an .onnx on `inputs` (`[N, 224, 224, 3]`) and compare it with another runtime's `answers` (logits `[N,
    classes]`).

    Raises `UnusableModel` with the numbers if they differ.
    """
    session = open_session(with_embedding(weights), "cpu")
    ours = _probabilities(np.concatenate([session.run(one[np.newaxis])[0] for one in inputs]))
    theirs = _probabilities(answers)
    difference = float(np.abs(ours - theirs).max())
    others = sum(_best_classes(left) != _best_classes(right) for left, right in zip(ours, theirs, strict=True))
    if difference > LARGEST_DIFFERENCE or others:
        raise UnusableModel(
            f"TensorFlow and ONNX Runtime disagree: probabilities differ by up to {difference:.1e} (at most "
            f"{LARGEST_DIFFERENCE:.0e} is accepted), and the best classes differ on {others} of {len(inputs)} inputs"
        )
    return {"inputs": len(inputs), "largest_difference": difference, "other_best_five": others}


def _best_classes(probabilities: NDArray[np.float64]) -> frozenset[int]:
    return frozenset(np.argsort(-probabilities, kind="stable")[:BEST_CLASSES].tolist())


def _probabilities(logits: NDArray[np.float32]) -> NDArray[np.float64]:
    exponentials = np.exp(logits.astype(np.float64) - logits.max(axis=1, keepdims=True))
    probabilities: NDArray[np.float64] = exponentials / exponentials.sum(axis=1, keepdims=True)
    return probabilities
