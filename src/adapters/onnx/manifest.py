"""The manifest stored with a model's weights: their origin, inputs, outputs and classes."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import onnx

from adapters.onnx.description import MAIN_MODEL
from adapters.onnx.labels import CLASSES, classes
from adapters.onnx.preprocessing import SIDE
from adapters.onnx.runtime import ort
from adapters.onnx.sessions import CheckedSession
from domain.json_input import parse_json
from domain.vision import EMBEDDING_SIZE, UNKNOWN, UnusableModel

FILE_NAME = "manifest.json"
METADATA_KEYS = frozenset({"name", "licence", "source"})
"""Facts that an .onnx file may state in its `metadata_props`."""


def build_manifest(
    source: Path, weights: bytes, proof: CheckedSession, provenance: Mapping[str, object]
) -> dict[str, Any]:
    """The manifest of `weights`, built from the file `source`. `provenance` adds the origin of that file."""
    file = {"file": source.name, "sha256": sha256(source.read_bytes())}
    model = onnx.load_from_string(weights)
    return {
        "name": MAIN_MODEL,
        "licence": UNKNOWN,
        "sha256": sha256(weights),
        "source": file,
        "opset": model.opset_import[0].version,
        "input": {"name": proof.input_name, "layout": "NHWC", "shape": [None, SIDE, SIDE, 3], "range": [0, 1]},
        "outputs": {proof.logits_name: [None, proof.outputs], proof.embedding_name: [None, EMBEDDING_SIZE]},
        "classes": [it.wnid for it in classes()],
        "background_first": proof.outputs > CLASSES,
        **{entry.key: entry.value for entry in model.metadata_props if entry.key in METADATA_KEYS},
        **provenance,
        "tools": {"onnx": onnx.__version__, "onnxruntime": ort.__version__, **_tools(provenance)},
    }


def _tools(provenance: Mapping[str, object]) -> Mapping[str, object]:
    tools = provenance.get("tools", {})
    return tools if isinstance(tools, Mapping) else {}


def check_manifest_beside(source: Path) -> None:
    """Compare a file with the manifest beside it, if there is one. Raises `UnusableModel` for another hash, or for
    classes that this program does not know."""
    try:
        manifest = parse_json(source.with_name(FILE_NAME).read_bytes())
        hashes, listed = {manifest["sha256"], manifest["source"]["sha256"]}, list(manifest["classes"])
    except FileNotFoundError:
        return
    except (ValueError, LookupError, TypeError) as fault:
        raise UnusableModel(
            f"{source.with_name(FILE_NAME)} is not a model's manifest; remove it to install without one"
        ) from fault
    actual = sha256(source.read_bytes())
    if actual not in hashes:
        raise UnusableModel(
            f"{source} has the hash {actual} instead of {manifest['sha256']}, as in its manifest; use the matching file"
        )
    if len(listed) != CLASSES:
        raise UnusableModel(f"the manifest lists {len(listed)} classes; {CLASSES} of ILSVRC 2012 are required")
    if listed != [it.wnid for it in classes()]:
        raise UnusableModel("the manifest lists other classes than ILSVRC 2012, or another order")


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
