"""ONNX Runtime sessions, verified before use."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adapters.onnx.device import Device
from adapters.onnx.labels import CLASSES
from adapters.onnx.preprocessing import SIDE
from adapters.onnx.runtime import ort, ort_errors
from adapters.onnx.runtime_package import CUDA_REMEDY
from domain.errors import Unavailable
from domain.vision import EMBEDDING_SIZE, UnusableModel

ORT_FAULTS = tuple(
    getattr(ort_errors, name)
    for name in ("Fail", "InvalidArgument", "InvalidGraph", "InvalidProtobuf", "NotImplemented", "EPFail",
                 "NoSuchFile", "NoModel", "RuntimeException", "EngineError", "NotFound")
)  # fmt: skip

_CPU = "CPUExecutionProvider"
_CUDA = ("CUDAExecutionProvider", {"use_tf32": "0", "cudnn_conv_algo_search": "HEURISTIC"})
"""TF32 drops half of the mantissa, so that CPU and GPU would give different results. An exhaustive algorithm
search would run again for every batch size."""

logger = logging.getLogger("tintype.onnx")


@dataclass(frozen=True, slots=True)
class CheckedSession:
    """A verified session: input `[N, 224, 224, 3]`, `outputs` (1000 or 1001) logits per image."""

    session: Any
    input_name: str
    logits_name: str
    embedding_name: str
    outputs: int
    device: str

    def run(self, batch: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Logits `[N, outputs]` and embeddings `[N, 1280]`."""
        logits, embeddings = self.session.run([self.logits_name, self.embedding_name], {self.input_name: batch})
        return logits, embeddings


def prefers_cuda(device: Device) -> bool:
    """Whether CUDA is tried first."""
    return device == "cuda" or (device == "auto" and _CUDA[0] in ort.get_available_providers())


def open_session(weights: bytes | Path, device: Device) -> CheckedSession:
    """A session on the best allowed device. A session made from bytes keeps them in memory. Raises `UnusableModel`, and
    `Unavailable` if CUDA is required but missing."""
    if device == "cpu":
        return _open_and_run(weights, "cpu")
    if _CUDA[0] in ort.get_available_providers():
        try:
            return _open_and_run(weights, "cuda")
        except UnusableModel as fault:
            reason = fault.detail
    else:
        reason = f"this ONNX Runtime was built without CUDA; for a GPU, {CUDA_REMEDY}"
    if device == "cuda":
        operator_detail = f"TINTYPE_DEVICE=cuda is not possible: {reason}"
        raise Unavailable("the model cannot run; retry in 60 s", retry_after=60, operator_detail=operator_detail)
    logger.info("classifying on the CPU: %s", reason)
    return _open_and_run(weights, "cpu")


def _open_and_run(weights: bytes | Path, device: str) -> CheckedSession:
    if device == "cuda":
        ort.preload_dlls()  # loads CUDA and cuDNN from their wheels if the system has none
    try:
        providers = [_CUDA, _CPU] if device == "cuda" else [_CPU]
        session = ort.InferenceSession(weights, session_options(), providers=providers)
        proof = _inspect(session, device)
        logits, embedding = proof.run(np.full((1, SIDE, SIDE, 3), 0.5, dtype=np.float32))
    except ORT_FAULTS as fault:
        reason = str(fault).splitlines()[0][:300]
        raise UnusableModel(
            f"ONNX Runtime cannot run the model ({reason}); use a MobileNetV2 classifier as .onnx"
        ) from fault
    for answer, size in ((logits, proof.outputs), (embedding, EMBEDDING_SIZE)):
        if answer.shape != (1, size) or not np.isfinite(answer).all():
            raise UnusableModel(
                f"for a grey image the model returns {answer.shape} numbers instead of {(1, size)} finite ones"
            )
    return proof


def session_options() -> Any:
    """One thread per run: as many concurrent runs as cores give the highest throughput, and no thread pool spins."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options


def _inspect(session: Any, device: str) -> CheckedSession:
    if device == "cuda" and session.get_providers()[0] != _CUDA[0]:
        raise UnusableModel("CUDA did not start (driver or libraries missing)")
    inputs, outputs = session.get_inputs(), session.get_outputs()
    if len(inputs) != 1 or inputs[0].type != "tensor(float)" or not _fits(inputs[0].shape, (SIDE, SIDE, 3)):
        raise UnusableModel(f"the model must have one input, float [N, 224, 224, 3]; it has {_describe(inputs)}")
    logits, embedding = _find_output(outputs, CLASSES, CLASSES + 1), _find_output(outputs, EMBEDDING_SIZE)
    if logits is None:
        raise UnusableModel(f"the model must have an output, float [N, 1000] or [N, 1001]; it has {_describe(outputs)}")
    if embedding is None:
        raise UnusableModel(f"the model needs an output, float [N, {EMBEDDING_SIZE}]; it has {_describe(outputs)}")
    return CheckedSession(session, inputs[0].name, logits.name, embedding.name, logits.shape[1], device)


def _find_output(outputs: Sequence[Any], *sizes: int) -> Any:
    """The first output with one of these sizes per image, or None."""
    floats = (output for output in outputs if output.type == "tensor(float)")
    return next((output for output in floats if any(_fits(output.shape, (size,)) for size in sizes)), None)


def _fits(shape: Sequence[int | str | None], expected: tuple[int, ...]) -> bool:
    """Whether the dimensions after the first equal `expected`, and the first accepts one image."""
    return (
        len(shape) == len(expected) + 1
        and tuple(shape[1:]) == expected
        and (not isinstance(shape[0], int) or shape[0] == 1)
    )


def _describe(arguments: Sequence[Any]) -> str:
    return ", ".join(f"{it.name}: {it.type} {it.shape}" for it in arguments)
