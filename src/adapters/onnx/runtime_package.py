"""Finds the installed package of ONNX Runtime: only the extras cpu and gpu include it."""

from importlib.util import find_spec

from domain.errors import Unavailable

CUDA_REMEDY = "install the extra gpu instead of cpu (in a checkout: make setup LOCK=gpu)"


class RuntimeMissing(Unavailable):
    """This installation cannot run networks."""

    code = "runtime_missing"

    def __init__(self) -> None:
        super().__init__(
            "ONNX Runtime is not installed; install Tintype with the extra cpu or, for an NVIDIA GPU, gpu, as in "
            "pipx install --force 'WHEEL[cpu]' (in a checkout: make setup), or set TINTYPE_CLASSIFIER=http and "
            "TINTYPE_INFERENCE_URL to classify elsewhere"
        )


def runtime_package() -> str:
    """The package's name, without importing it. Raises `RuntimeMissing`."""
    if find_spec("onnxruntime") is None:
        raise RuntimeMissing
    return "onnxruntime"
