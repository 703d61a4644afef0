"""Reports where the network runs, and why not on a GPU."""

import asyncio
from pathlib import Path

from adapters.onnx.device import Device
from adapters.onnx.runtime_package import CUDA_REMEDY
from domain.health import Health, Probe

PART = "device"
DRIVER = Path("/proc/driver/nvidia/version")


class DeviceProbe(Probe):
    """Checks ONNX Runtime and the driver. Whether they work together is verified when a model is loaded."""

    def __init__(self, device: Device) -> None:
        self._device = device

    async def check(self) -> Health:
        return await asyncio.to_thread(self._check)

    def _check(self) -> Health:
        from adapters.onnx.runtime import ort

        built, driver = "CUDAExecutionProvider" in ort.get_available_providers(), _driver_version()
        runtime = (
            f"ONNX Runtime {ort.__version__} {'with' if built else 'without'} CUDA; {driver or 'no NVIDIA driver'}"
        )
        if self._device == "cpu" or (self._device == "auto" and driver is None):
            return Health(PART, ok=True, detail=f"CPU ({runtime})", required=False)
        if built and driver:
            return Health(PART, ok=True, detail=f"CUDA ({runtime})", required=False)
        remedy = "install NVIDIA's driver, or set TINTYPE_DEVICE=cpu" if built else CUDA_REMEDY
        fits = self._device == "auto"
        return Health(PART, ok=fits, detail=f"CPU ({runtime})", remedy=remedy, required=False)


def _driver_version() -> str | None:
    """The version that the driver states, such as NVIDIA UNIX x86_64 Kernel Module 580.65.06."""
    try:
        first = DRIVER.read_text(errors="replace").splitlines()[0]
    except (OSError, IndexError):
        return None
    return " ".join(first.partition(":")[2].split()[:6])
