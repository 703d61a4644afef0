"""A rendition looks as the original does in Chromium."""

from base64 import b64encode
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Browser

from adapters.decoding.protocol import Task
from adapters.vips.processor import prepared
from domain.images import Size
from domain.limits import Limits
from tests import coloured
from tests.decoders import POOL

MOST = 2.0
"""Levels of 255, in the mean."""
D65 = (0.3127, 0.3290)
CASES = {
    "Display P3": coloured.a_png(coloured.codes(12, 13)),
    "BT.2020": coloured.a_png(coloured.codes(9, 14)),
    "BT.709": coloured.a_png(coloured.codes(1, 1)),
    "linear": coloured.a_png(coloured.codes(1, 8)),
    "PQ": coloured.a_png(coloured.codes(9, 16)),
    "PQ, Display P3": coloured.a_png(coloured.codes(12, 16), deep=True),
    "HLG": coloured.a_png(coloured.codes(9, 18)),
    "gAMA": coloured.a_png(coloured.gamma(1.0)),
    "grey gAMA": coloured.a_grey_png(coloured.gamma(0.625)),
    "grey gAMA, alpha": coloured.a_grey_png(coloured.gamma(1.0), alpha=True),
    "cHRM": coloured.a_png(coloured.chromaticities(*D65, 0.30, 0.60, 0.64, 0.33, 0.15, 0.06), coloured.gamma(0.45455)),
    "profile": coloured.a_png(coloured.profile_chunk(coloured.display_p3())),
    "cICP before iCCP": coloured.a_png(coloured.codes(1, 13), coloured.profile_chunk(coloured.display_p3())),
    "grey profile": coloured.a_grey_png(coloured.profile_chunk(coloured.grey_profile(1))),
    "grey profile, alpha": coloured.a_grey_png(coloured.profile_chunk(coloured.grey_profile(1)), alpha=True),
    "AVIF, Display P3": coloured.an_avif(12, 13),
    "AVIF, PQ": coloured.an_avif(9, 16),
    "AVIF, HLG": coloured.an_avif(9, 18),
    "AVIF, BT.2020": coloured.an_avif(9, 1),
    "XYZ": coloured.a_png(coloured.codes(10, 8)),
    "AVIF, XYZ": coloured.an_avif(10, 17),
    "unknown transfer": coloured.a_png(coloured.codes(9, 12)),
    "unknown primaries": coloured.a_png(coloured.codes(2, 16)),
    "unknown before gAMA": coloured.a_png(coloured.codes(255, 1), coloured.gamma(1.0)),
    "AVIF, reserved": coloured.an_avif(0, 8),
    "AVIF, unknown primaries": coloured.an_avif(3, 16),
    **{
        f"AVIF, {depth} bits, coded as {codes}": coloured.an_avif_without_codes(*codes, depth)
        for depth in (8, 10, 12)
        for codes in ((1, 13), (12, 13), (9, 16), (9, 18), (10, 8), (7, 7), (0, 8))
    },
}


@pytest.mark.parametrize("original", CASES.values(), ids=CASES)
def test_a_rendition_looks_like_its_original(chromium: Browser, original: bytes) -> None:
    image = prepared(POOL.decode(Task.RENDITIONS, Limits().max_pixels, original), len(original))
    wanted = shown(chromium, original)
    found = {size: coloured.difference(shown(chromium, image.renditions[size].data), wanted) for size in Size}
    assert max(found.values()) <= MOST, found


def shown(chromium: Browser, data: bytes) -> list[coloured.Level]:
    page = chromium.new_page()
    page.set_content(f'<body style="margin:0"><img src="data:;base64,{b64encode(data).decode()}">')
    page.wait_for_function("document.images[0].complete")
    picture = page.locator("img").screenshot()
    page.close()
    return coloured.middles(Image.open(BytesIO(picture)))
