"""Libraries that must not import what they could support."""

import json
import sys
from importlib import import_module

import pytest

from optional_imports import without_modules


def test_modules_are_missing_inside_the_block_and_available_after_it() -> None:
    sys.modules.pop("colorsys", None)
    with without_modules("colorsys", "json"):
        with pytest.raises(ModuleNotFoundError):
            import_module("colorsys")
        assert import_module("json") is json, "a loaded module stays available"

    assert import_module("colorsys").rgb_to_hsv(0, 0, 0) == (0, 0, 0)
