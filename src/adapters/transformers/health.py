"""Checks that a captioning model and its library exist. Loads neither."""

from importlib.util import find_spec
from pathlib import Path

from adapters.transformers.captions import require_folder
from domain.captions import WriterLockedOut
from domain.health import Health, Probe

PART = "captions"


class TransformersProbe(Probe):
    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    async def check(self) -> Health:
        try:
            folder = require_folder(self._folder)
        except WriterLockedOut as error:
            return Health(
                PART, False, f"transformers: {error.operator_detail}", "Set TINTYPE_CAPTION_MODEL.", required=False
            )
        if find_spec("transformers") is None or find_spec("torch") is None:
            remedy = "Install it (in a checkout: .venv/bin/python -m pip install -r requirements/transformers.txt)."
            return Health(PART, False, "the extra for transformers is not installed", remedy, required=False)
        return Health(PART, True, f"transformers: {folder}", required=False)
