"""Converts a SavedModel to ONNX, in `.venv-convert`: `python script.py MODULE FOLDER`. It imports nothing of Tintype
and needs no network.

`MODULE` is the folder of a SavedModel. The script reads `FOLDER/inputs.npy` (float32 `[N, 224, 224, 3]`), and writes
`model.onnx`, `answers.npy` (TensorFlow's results: float32 `[N, 1000 or 1001]`) and `about.json` (origin and versions).
It prints its progress on stdout, one sentence per line. A failure is the last line on stderr, after `error: `.
"""

import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any, NoReturn

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"

OPSET = 17
CLASSES = (1000, 1001)
SIDE = 224


def main(source: Path, folder: Path) -> None:
    import numpy as np
    import tensorflow as tf
    import tf2onnx

    report(f"loading {source} with TensorFlow {tf.__version__}")
    module = tf.saved_model.load(str(source))
    network = find_network(module)  # works only while the module is referenced
    report("running TensorFlow")
    inputs = np.load(folder / "inputs.npy")
    answers = np.concatenate([network(tf.constant(one[np.newaxis])).numpy() for one in inputs])
    np.save(folder / "answers.npy", answers.astype(np.float32))
    report(f"converting with tf2onnx {tf2onnx.__version__}, opset {OPSET}")
    signature = [tf.TensorSpec([None, SIDE, SIDE, 3], tf.float32, name="inputs")]
    tf2onnx.convert.from_function(
        tf.function(lambda inputs: {"logits": network(inputs)}),
        input_signature=signature,
        opset=OPSET,
        output_path=str(folder / "model.onnx"),
    )
    about = {
        "source": {"module": str(source), "sha256": digest(source)},
        "opset": OPSET,
        "tools": {"tensorflow": tf.__version__, "tf2onnx": tf2onnx.__version__},
    }
    (folder / "about.json").write_text(json.dumps(about))


def digest(folder: Path) -> str:
    """The SHA-256 of all files and their names, in the order of the names."""
    total = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        total.update(f"{path.relative_to(folder).as_posix()}\0{path.stat().st_size}\0".encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def find_network(model: Any) -> Any:
    """The function from images to class scores: the serving signature if there is one, or else the module itself."""
    signatures = getattr(model, "signatures", {})
    if "serving_default" in signatures:
        signature = signatures["serving_default"]
        [name] = signature.structured_input_signature[1]
        return lambda inputs: find_scores(signature(**{name: inputs}))
    if not callable(model):
        give_up("the SavedModel has no signature serving_default and cannot be called; use a classification module")
    return lambda inputs: find_scores(model(inputs))


def find_scores(result: Any) -> Any:
    """The output with a number for each class."""
    outputs = list(result.values()) if isinstance(result, dict) else [result]
    scores = [output for output in outputs if len(output.shape) == len("NC") and output.shape[-1] in CLASSES]
    if not scores:
        shapes = ", ".join(str(output.shape) for output in outputs)
        give_up(
            f"the network returns {shapes} instead of [N, 1000] or [N, 1001]; use an ImageNet classification module"
        )
    return scores[0]


def report(sentence: str) -> None:
    print(sentence, flush=True)


def give_up(reason: str) -> NoReturn:
    sys.exit(f"error: {reason}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
