"""Rates images with Yahoo's open_nsfw on the CPU, by ONNX Runtime in this process."""

from collections.abc import Callable
from threading import Lock
from typing import Any

from adapters.decoding.pool import DecodingPool
from adapters.opennsfw.weights import MODEL, REMEDY, read_weights
from adapters.system.executor import BoundedExecutor
from domain.limits import Limits
from domain.sensitive_media import Detection, DetectorMissing, SensitiveMediaDetector

DECODED_SIDE = 512
"""The long side in pixels of the decoded copy, which is scaled to the network's input."""


class OpenNsfwSensitiveMediaDetector(SensitiveMediaDetector):
    """Loads the weights with the first image. One thread rates one image at a time, so that classification keeps its
    cores."""

    def __init__(self, limits: Limits, pool: DecodingPool, read: Callable[[], bytes] = read_weights) -> None:
        self._max_pixels = limits.max_pixels
        self._pool = pool
        self._read = read
        self._executor = BoundedExecutor("sensitive media", threads=1, waiting=16)
        self._session: Any = None
        self._loading = Lock()

    async def detect(self, data: bytes) -> Detection:
        return Detection(MODEL, await self._executor.run(self._rate, data))

    def _rate(self, data: bytes) -> float:
        from adapters.opennsfw.preprocessing import network_input
        from adapters.pillow.small_image import small_image

        session = self._load()
        image = small_image(self._pool, data, self._max_pixels, DECODED_SIDE)
        (probabilities,) = session.run(None, {session.get_inputs()[0].name: network_input(image)})
        return float(min(max(probabilities[0][1], 0), 1))

    def _load(self) -> Any:
        with self._loading:
            if self._session is None:
                self._session = _open_session(self._read())
            return self._session


def _open_session(weights: bytes) -> Any:
    """Return a session on one thread. Raises `DetectorMissing` if the weights do not work here."""
    from adapters.onnx.runtime import ort
    from adapters.onnx.sessions import ORT_FAULTS, session_options

    try:
        session = ort.InferenceSession(weights, session_options(), providers=["CPUExecutionProvider"])
    except ORT_FAULTS as fault:
        reason = str(fault).splitlines()[0][:300]
        raise DetectorMissing(f"ONNX Runtime cannot run the weights ({reason}); {REMEDY}") from fault
    shapes = [list(one.shape[1:]) for one in (*session.get_inputs(), *session.get_outputs())]
    if shapes != [[224, 224, 3], [2]]:
        raise DetectorMissing(f"the weights are not those of open_nsfw; {REMEDY}")
    return session
