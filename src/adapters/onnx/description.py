"""Describes a model from its manifest."""

from collections.abc import Mapping
from typing import Any

from domain.vision import CLASS_COUNT, UNKNOWN, Model

MAIN_MODEL = "mobilenet_v2"
"""The name of models without a stated name, and of those installed before manifests stated one."""


def describe_model(manifest: Mapping[str, Any], version: str, temperature: float) -> Model:
    """The model of the manifest. Its `device` is ''."""
    return Model(
        name=str(manifest.get("name", MAIN_MODEL)),
        version=version,
        device="",
        temperature=temperature,
        licence=str(manifest.get("licence", UNKNOWN)),
        source=_source(manifest.get("source", {})),
        classes=CLASS_COUNT + bool(manifest.get("background_first", True)),
    )


def _source(source: object) -> str:
    """The most specific entry: an address or a handle, a package, a file."""
    if not isinstance(source, Mapping):
        return str(source)
    return str(next((source[key] for key in ("url", "module", "package", "file") if key in source), UNKNOWN))
