"""In Chromium, a rendition looks like its original."""

from base64 import b64encode
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Browser

from adapters.decoding.protocol import DecodingTask
from adapters.vips.processor import to_prepared_image
from domain.images import Size
from domain.limits import Limits
from tests import colour_patches
from tests.decoders import POOL

MAX_DIFFERENCE = 2.0
"""Levels of 255, in the mean."""
D65 = (0.3127, 0.3290)
CASES = {
    "Display P3": colour_patches.a_png(colour_patches.cicp_chunk(12, 13)),
    "BT.2020": colour_patches.a_png(colour_patches.cicp_chunk(9, 14)),
    "BT.709": colour_patches.a_png(colour_patches.cicp_chunk(1, 1)),
    "linear": colour_patches.a_png(colour_patches.cicp_chunk(1, 8)),
    "PQ": colour_patches.a_png(colour_patches.cicp_chunk(9, 16)),
    "PQ, Display P3": colour_patches.a_png(colour_patches.cicp_chunk(12, 16), deep=True),
    "HLG": colour_patches.a_png(colour_patches.cicp_chunk(9, 18)),
    "gAMA": colour_patches.a_png(colour_patches.gama_chunk(1.0)),
    "grey gAMA": colour_patches.a_grey_png(colour_patches.gama_chunk(0.625)),
    "grey gAMA, alpha": colour_patches.a_grey_png(colour_patches.gama_chunk(1.0), alpha=True),
    "cHRM": colour_patches.a_png(
        colour_patches.chrm_chunk(*D65, 0.30, 0.60, 0.64, 0.33, 0.15, 0.06), colour_patches.gama_chunk(0.45455)
    ),
    "profile": colour_patches.a_png(colour_patches.profile_chunk(colour_patches.display_p3())),
    "cICP before iCCP": colour_patches.a_png(
        colour_patches.cicp_chunk(1, 13), colour_patches.profile_chunk(colour_patches.display_p3())
    ),
    "grey profile": colour_patches.a_grey_png(colour_patches.profile_chunk(colour_patches.grey_profile(1))),
    "grey profile, alpha": colour_patches.a_grey_png(
        colour_patches.profile_chunk(colour_patches.grey_profile(1)), alpha=True
    ),
    "AVIF, Display P3": colour_patches.an_avif(12, 13),
    "AVIF, PQ": colour_patches.an_avif(9, 16),
    "AVIF, HLG": colour_patches.an_avif(9, 18),
    "AVIF, BT.2020": colour_patches.an_avif(9, 1),
    "XYZ": colour_patches.a_png(colour_patches.cicp_chunk(10, 8)),
    "AVIF, XYZ": colour_patches.an_avif(10, 17),
    "unknown transfer": colour_patches.a_png(colour_patches.cicp_chunk(9, 12)),
    "unknown primaries": colour_patches.a_png(colour_patches.cicp_chunk(2, 16)),
    "unknown before gAMA": colour_patches.a_png(colour_patches.cicp_chunk(255, 1), colour_patches.gama_chunk(1.0)),
    "AVIF, reserved": colour_patches.an_avif(0, 8),
    "AVIF, unknown primaries": colour_patches.an_avif(3, 16),
    **{
        f"AVIF, {depth} bits, coded as {codes}": colour_patches.an_avif_without_codes(*codes, depth)
        for depth in (8, 10, 12)
        for codes in ((1, 13), (12, 13), (9, 16), (9, 18), (10, 8), (7, 7), (0, 8))
    },
}


@pytest.mark.parametrize("original", CASES.values(), ids=CASES)
def test_rendition_looks_like_original(chromium: Browser, original: bytes) -> None:
    image = to_prepared_image(POOL.decode(DecodingTask.RENDITIONS, Limits().max_pixels, original), len(original))
    wanted = render_in_chromium(chromium, original)
    found = {
        size: colour_patches.difference(render_in_chromium(chromium, image.renditions[size].data), wanted)
        for size in Size
    }
    assert max(found.values()) <= MAX_DIFFERENCE, found


def render_in_chromium(chromium: Browser, data: bytes) -> list[colour_patches.Level]:
    page = chromium.new_page()
    page.set_content(f'<body style="margin:0"><img src="data:;base64,{b64encode(data).decode()}">')
    page.wait_for_function("document.images[0].complete")
    image = page.locator("img").screenshot()
    page.close()
    return colour_patches.patch_means(Image.open(BytesIO(image)))
