"""Colour codes in the parameter sets of HEVC images."""

from pathlib import Path

import pytest

from domain.formats.colour import colour_from_codes
from domain.formats.reading import read_structure
from domain.limits import Limits
from tests import colour_patches


@pytest.mark.parametrize("options", [{"sar": "10:11"}, {"overscan": "show"}, {"scaling_list": "default"}, {"amp": "0"}])
def test_codes_are_read_whatever_the_encoder_states_before_them(options: dict[str, str]) -> None:
    data = colour_patches.a_heic_without_codes(9, 16, **options)
    assert read_structure(data, Limits().max_pixels).colour == colour_from_codes(9, 16)


def test_codes_are_read_after_scaling_lists(tmp_path: Path) -> None:
    lists = tmp_path / "lists.txt"
    lists.write_text(colour_patches.scaling_lists())
    data = colour_patches.a_heic_without_codes(9, 16, scaling_list=str(lists))
    assert read_structure(data, Limits().max_pixels).colour == colour_from_codes(9, 16)


def test_image_with_unreadable_colour_codes_is_srgb() -> None:
    whole = colour_patches.a_heic_without_codes(9, 16)
    at = whole.index(b"\x42\x01\x01")  # the parameter set; its size is at bytes 17 to 20
    damaged = whole[: at + 22] + b"\xff" * 12 + whole[at + 34 :]
    assert read_structure(damaged, Limits().max_pixels).colour is None
