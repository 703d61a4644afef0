"""Images that state their colours in all ways, generated from patches of the same levels."""

import struct
import zlib
from collections.abc import Iterable
from functools import cache
from io import BytesIO

import pyvips  # type: ignore[import-untyped]
from PIL import Image, ImageCms

from tests.hostile.files import chunk, png
from tests.sample_images import encode

LEVELS = (
    (20, 20, 20), (64, 64, 64), (128, 128, 128), (160, 160, 160), (210, 210, 210), (200, 40, 30), (40, 160, 60),
    (30, 50, 190), (196, 150, 130), (110, 150, 200), (220, 190, 40), (120, 40, 120),
)  # fmt: skip
SIDE = 16
"""The side of a patch in pixels."""

Level = tuple[float, ...]


def patches(levels: Iterable[tuple[int, int, int]] = LEVELS) -> Image.Image:
    """Patches in a row."""
    row = Image.new("RGB", (len(LEVELS), 1))
    row.putdata(list(levels))
    return row.resize((len(LEVELS) * SIDE, SIDE), Image.Resampling.NEAREST)


def patch_means(image: Image.Image) -> list[Level]:
    """The mean of the centre of each patch."""
    cells = [(SIDE * at + 4, 4, SIDE * at + 12, 12) for at in range(len(LEVELS))]
    small = [image.convert("RGB").crop(cell).resize((1, 1), Image.Resampling.BOX) for cell in cells]
    return [tuple(map(float, one.tobytes())) for one in small]


def difference(one: list[Level], other: list[Level]) -> float:
    """The mean distance of all levels."""
    distances = [abs(a - b) for x, y in zip(one, other, strict=True) for a, b in zip(x, y, strict=True)]
    return sum(distances) / len(distances)


def a_png(*extra: bytes, deep: bool = False) -> bytes:
    """A PNG with these chunks; `deep`: 16 bits per level."""
    image = patches()
    pixels = image.tobytes()
    if deep:
        pixels = b"".join(bytes((level, level)) for level in pixels)
    row = len(pixels) // SIDE
    rows = b"".join(b"\0" + pixels[at : at + row] for at in range(0, len(pixels), row))
    return png(image.width, SIDE, 16 if deep else 8, 2, rows, *extra)


def a_grey_heif(format_: str, profile: bytes, *, alpha: bool) -> bytes:
    from pillow_heif import from_pillow

    grey = patches().convert("L")
    image = Image.merge("LA", (grey, Image.new("L", grey.size, 255))) if alpha else grey
    if format_ == "AVIF":
        return encode(image, format_, quality=100, icc_profile=profile)
    buffer = BytesIO()
    from_pillow(image).save(buffer, quality=100, icc_profile=profile)
    return buffer.getvalue()


def a_grey_png(*extra: bytes, alpha: bool = False) -> bytes:
    pixels = patches().convert("L").tobytes()
    if alpha:
        pixels = b"".join(bytes((level, 255)) for level in pixels)
    row = len(pixels) // SIDE
    rows = b"".join(b"\0" + pixels[at : at + row] for at in range(0, len(pixels), row))
    return png(len(LEVELS) * SIDE, SIDE, 8, 4 if alpha else 0, rows, *extra)


def cicp_chunk(primaries: int, transfer: int) -> bytes:
    return chunk(b"cICP", bytes((primaries, transfer, 0, 1)))


def gama_chunk(value: float) -> bytes:
    return chunk(b"gAMA", struct.pack(">I", round(value * 100_000)))


def chrm_chunk(*points: float) -> bytes:
    return chunk(b"cHRM", struct.pack(">8I", *(round(value * 100_000) for value in points)))


def profile_chunk(profile: bytes) -> bytes:
    return chunk(b"iCCP", b"profile\0\0" + zlib.compress(profile))


def with_colour_codes(data: bytes, primaries: int, transfer: int) -> bytes:
    """A HEIF file with these codes instead of its own."""
    at = data.index(b"nclx") + 4
    return data[:at] + struct.pack(">HH", primaries, transfer) + data[at + 4 :]


def an_avif(primaries: int, transfer: int) -> bytes:
    return with_colour_codes(encode(patches(), "AVIF", quality=100, subsampling="4:4:4"), primaries, transfer)


def an_avif_without_codes(primaries: int, transfer: int, depth: int = 8) -> bytes:
    """The container states no codes; the coded image does, with levels of `depth` bits."""
    pyvips.operation_block_set("VipsForeignSaveHeif", False)  # `adapters.vips.runtime` blocks this operation
    image = patches()
    levels = pyvips.Image.new_from_memory(image.tobytes(), image.width, image.height, 3, "uchar")
    whole = bytes(
        levels.copy(interpretation="srgb").heifsave_buffer(
            compression="av1", Q=100, bitdepth=depth, subsample_mode="off"
        )
    )
    at = whole.index(b"mdat") + 4
    head = f"{int.from_bytes(whole[at : at + 32]):0256b}"
    old, new = (f"{one:08b}{other:08b}" for one, other in ((1, 13), (primaries, transfer)))
    if b"colr" in whole or head.count(old) != 1:
        raise AssertionError("the encoder writes the codes to another position")
    return whole[:at] + int(head.replace(old, new), 2).to_bytes(32) + whole[at + 32 :]


def a_heic(primaries: int, transfer: int) -> bytes:
    from pillow_heif import from_pillow

    buffer = BytesIO()
    from_pillow(patches()).save(buffer, quality=100, chroma=444)
    return with_colour_codes(buffer.getvalue(), primaries, transfer)


def a_heic_without_codes(primaries: int, transfer: int, **encoder: str) -> bytes:
    """Its container states none; these are in the coded image. `encoder`: options of x265."""
    from pillow_heif import from_pillow

    buffer = BytesIO()
    codes = {"color_primaries": primaries, "transfer_characteristics": transfer}
    options = {f"x265:{name.replace('_', '-')}": value for name, value in encoder.items()}
    from_pillow(patches()).save(buffer, quality=100, chroma=444, enc_params=options, **codes)
    whole = buffer.getvalue()
    at = whole.index(b"colr")
    return whole[:at] + b"free" + whole[at + 4 :]


def scaling_lists() -> str:
    """A file for x265 that contains every list."""
    lines = []
    for size, count in (("4X4", 16), ("8X8", 64), ("16X16", 64), ("32X32", 64)):
        for name in (f"{use}{size}_{part}" for use in ("INTRA", "INTER") for part in ("LUMA", "CHROMAU", "CHROMAV")):
            lines.append(f"{name} =\n{','.join(str(17 + 31 * at % 200) for at in range(count))},\n")
            if count == 64 and size != "8X8":
                lines.append(f"{name}_DC =\n16\n")
    return "\n".join(lines)


@cache
def display_p3() -> bytes:
    """A profile with sRGB's curves and other primaries, adapted to D50."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    columns = {b"rXYZ": (33759, 15807, -69), b"gXYZ": (19135, 45367, 2745), b"bXYZ": (10296, 4363, 51385)}
    return _with_tags(srgb, {name: b"XYZ \0\0\0\0" + struct.pack(">3i", *values) for name, values in columns.items()})


def grey_profile(power: int) -> bytes:
    """A grey profile, with a curve of this exponent."""
    curve = b"curv" + struct.pack(">4xIH", 1, power << 8) + bytes(2)
    white = b"XYZ \0\0\0\0" + struct.pack(">3i", 63190, 65536, 54061)
    start = 128 + 4 + 12 * 2
    table = struct.pack(">I4sII4sII", 2, b"wtpt", start, 20, b"kTRC", start + 20, 14)
    head = struct.pack(">I4xI4s4s4s12x4s28x3i48x", start + 36, 0x02_40_0000, b"mntr", b"GRAY", b"XYZ ", b"acsp",
                       63190, 65536, 54061)  # fmt: skip
    return head + table + white + curve


def an_ultra_hdr(width: int = 400, height: int = 300, exif: bytes = b"") -> bytes:
    """A JPEG with a gain map: dark on the left, three times as bright as white on the right."""
    ramp = pyvips.Image.xyz(width, height).extract_band(0) * (3 / width)
    bright = ramp.bandjoin([ramp, ramp]).cast("float").copy(interpretation="scrgb")
    found = bytes(bright.uhdrsave_buffer(Q=90))
    return found[:2] + (b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif if exif else b"") + found[2:]


def _with_tags(profile: bytes, tags: dict[bytes, bytes]) -> bytes:
    for number in range(struct.unpack_from(">I", profile, 128)[0]):
        name, at, length = struct.unpack_from(">4sII", profile, 132 + 12 * number)
        if name in tags:
            profile = profile[:at] + tags[name].ljust(length, b"\0") + profile[at + length :]
    return profile
