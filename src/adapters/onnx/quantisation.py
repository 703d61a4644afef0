"""Static quantization by ONNX Runtime: QDQ, activations in 8 bits unsigned, weights in 8 bits a channel."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnxruntime.quantization import (  # type: ignore[import-untyped]
    CalibrationDataReader,
    QuantFormat,
    QuantType,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process  # type: ignore[import-untyped]

from adapters.onnx.sessions import ORT_FAULTS
from domain.vision import UnusableModel


def quantize_weights(weights: bytes, input_name: str, inputs: Sequence[NDArray[np.float32]]) -> bytes:
    """An .onnx in integers, calibrated on `inputs` (each float32 `[1, 224, 224, 3]`). Raises `UnusableModel`."""
    with TemporaryDirectory(prefix="tintype-quantize-") as name:
        try:
            return _quantize_static(Path(name), weights, _Inputs(input_name, inputs))
        except (*ORT_FAULTS, ValueError, AttributeError) as fault:
            raise UnusableModel(f"ONNX Runtime cannot quantize the model ({str(fault)[:300]})") from fault


def _quantize_static(folder: Path, weights: bytes, inputs: "_Inputs") -> bytes:
    given, prepared, found = folder / "model.onnx", folder / "prepared.onnx", folder / "int8.onnx"
    given.write_bytes(weights)
    quant_pre_process(given, prepared, skip_symbolic_shape=True)
    # Least and greatest value: on MobileNetV2 as good as percentiles and entropy, at a tenth of their time.
    quantize_static(
        prepared,
        found,
        inputs,
        quant_format=QuantFormat.QDQ,
        per_channel=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
    )
    return found.read_bytes()


class _Inputs(CalibrationDataReader):  # type: ignore[misc]  # the library ships no types
    """Tensors, one at a time, as ONNX Runtime asks for them."""

    def __init__(self, name: str, inputs: Sequence[NDArray[np.float32]]) -> None:
        self._name = name
        self._left: Iterator[NDArray[np.float32]] = iter(inputs)

    def get_next(self) -> dict[str, Any] | None:
        found = next(self._left, None)
        return None if found is None else {self._name: found}
