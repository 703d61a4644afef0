"""Modules in TensorFlow Hub's format, built by TensorFlow in `.venv-convert`: MobileNetV2's interface with three
layers."""

import subprocess
from pathlib import Path

PYTHON = Path(__file__).resolve().parents[2] / ".venv-convert" / "bin" / "python"

_SCRIPT = """
import sys
import tensorflow as tf

folder, classes, callable_only = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "callable"
tf.random.set_seed(0)


class Module(tf.Module):
    def __init__(self):
        self.kernel = tf.Variable(tf.random.normal([5, 5, 3, 1280]))
        self.weights = tf.Variable(tf.random.normal([1280, classes]))

    @tf.function(input_signature=[tf.TensorSpec([None, 224, 224, 3], tf.float32, name="inputs")])
    def __call__(self, inputs):
        features = tf.nn.relu(tf.nn.conv2d(2 * inputs - 1, self.kernel, strides=32, padding="SAME"))
        pooled = tf.reduce_mean(features, axis=[1, 2])
        return pooled @ self.weights / 100


module = Module()
signature = None if callable_only else tf.function(
    lambda inputs: {"logits": module(inputs)},
    input_signature=[tf.TensorSpec([None, 224, 224, 3], tf.float32, name="inputs")],
)
tf.saved_model.save(module, folder, signatures=signature)
"""


def a_module(folder: Path, *, classes: int = 1001, callable_only: bool = False) -> Path:
    """A SavedModel with the signature `serving_default`, or one that can only be called."""
    kind = "callable" if callable_only else "signature"
    command: list[str | Path] = [PYTHON, "-I", "-c", _SCRIPT, folder, str(classes), kind]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return folder
