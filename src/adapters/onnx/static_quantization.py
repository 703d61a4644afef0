"""Static quantization by ONNX Runtime: QDQ, unsigned 8-bit activations and weights, weights per channel."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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
    """An int8 .onnx, calibrated on `inputs` (each float32 `[1, 224, 224, 3]`). Raises `UnusableModel`."""
    with TemporaryDirectory(prefix="tintype-quantize-") as name:
        try:
            return _quantize_static(Path(name), weights, _Inputs(input_name, inputs))
        except (*ORT_FAULTS, ValueError, AttributeError) as fault:
            raise UnusableModel(f"ONNX Runtime cannot quantize the model ({str(fault)[:300]})") from fault


def _quantize_static(folder: Path, weights: bytes, inputs: "_Inputs") -> bytes:
    original, prepared, quantized = folder / "model.onnx", folder / "prepared.onnx", folder / "int8.onnx"
    original.write_bytes(weights)
    quant_pre_process(original, prepared, skip_symbolic_shape=True)
    # MinMax calibration: as accurate as percentile and entropy on MobileNetV2, in a tenth of their time.
    with _silence():
        quantize_static(
            prepared,
            quantized,
            inputs,
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            activation_type=QuantType.QUInt8,
            # Unsigned too: for signed weights, processors without VNNI add two products in 16 bits, which overflows.
            weight_type=QuantType.QUInt8,
        )
    return quantized.read_bytes()


@contextmanager
def _silence() -> Iterator[None]:
    """Suppress the library's warnings. The comparison with the original decides whether the result is good enough."""
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


class _Inputs(CalibrationDataReader):  # type: ignore[misc]  # the library ships no types
    """Supplies the tensors one at a time."""

    def __init__(self, name: str, inputs: Sequence[NDArray[np.float32]]) -> None:
        self._name = name
        self._left: Iterator[NDArray[np.float32]] = iter(inputs)

    def get_next(self) -> dict[str, Any] | None:
        tensor = next(self._left, None)
        return None if tensor is None else {self._name: tensor}
