"""Imports ONNX Runtime. Raises `RuntimeMissing` if it is not installed."""

from adapters.onnx.runtime_package import RuntimeMissing

try:
    import onnxruntime as ort  # type: ignore[import-untyped]
    from onnxruntime.capi import onnxruntime_pybind11_state as ort_errors  # type: ignore[import-untyped]
except ModuleNotFoundError as error:
    raise RuntimeMissing from error

__all__ = ["ort", "ort_errors"]
