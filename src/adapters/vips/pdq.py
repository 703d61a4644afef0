"""Computes the PDQ hashes of an image in a decoding process."""

from typing import Any

from adapters.pillow.pdq import MAX_SIDE, pdq_hashes
from adapters.vips.loading import check_image, load_image, translate_errors
from adapters.vips.pipeline import RequestMemory, decode_scaled, to_pillow
from domain.vision.pdq import format_pdq


def pdq_head(data: bytes, max_pixels: int, request_memory: RequestMemory) -> tuple[dict[str, Any], bytes]:
    format_, structure = check_image(data, max_pixels)
    request_memory(structure.memory)
    with translate_errors(format_):
        image = decode_scaled(load_image(format_, structure, MAX_SIDE), MAX_SIDE)
    return {"pdq": [format_pdq(one) for one in pdq_hashes(to_pillow(image))]}, b""
