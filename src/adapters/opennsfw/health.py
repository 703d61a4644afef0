"""Checks that the weights and ONNX Runtime are installed. Loads neither."""

import asyncio
from collections.abc import Callable

from adapters.opennsfw.weights import MODEL, read_weights
from domain.health import Health, Probe
from domain.sensitive_media import DetectorMissing

PART = "sensitive media"


class OpenNsfwProbe(Probe):
    def __init__(self, read: Callable[[], bytes] = read_weights) -> None:
        self._read = read

    async def check(self) -> Health:
        try:
            await asyncio.to_thread(self._read)
        except DetectorMissing as error:
            fault, _, remedy = str(error.operator_detail).partition("; ")
            remedy = f"{remedy[:1].upper()}{remedy[1:]}."
            return Health(PART, ok=False, detail=f"{fault}; images get no score", remedy=remedy, required=False)
        return Health(PART, ok=True, detail=f"{MODEL}; its score leads to a question only", required=False)
