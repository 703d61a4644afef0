"""Images are accepted or refused for the correct reason, without effect on others."""

from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image

from adapters.vips.processor import VipsImageProcessor
from domain.errors import DomainError
from domain.image_processing import PreparedImage
from domain.images import BrokenImage, Size, TooManyPixels, UnsupportedImage
from domain.limits import Limits
from tests import sample_images
from tests.decoders import POOL
from tests.hostile import files

HEIC_GRID = files.heic_grid()
LIMITS = Limits()


async def prepare(data: bytes) -> PreparedImage:
    return await VipsImageProcessor(LIMITS, POOL).prepare(data)


def open_large(image: PreparedImage) -> Image.Image:
    return Image.open(BytesIO(image.renditions[Size.LARGE].data))


@pytest.mark.parametrize(
    ("data", "error", "reason"),
    [
        (files.with_scans(200), BrokenImage, "100 scans"),
        (files.with_segments(5_000), BrokenImage, "4,000 segments"),
        (files.lying_avif(), BrokenImage, "1200 × 1200"),
        (files.timeless_avif(), BrokenImage, "time unit of 0"),
        (files.other_codec(), UnsupportedImage, "j2k1"),
        (sample_images.png_header(60_000, 60_000), TooManyPixels, "52,428,800"),
        (files.png_with(files.chunk(b"IHDR", bytes(13))), BrokenImage, "incomplete or invalid"),
        (b"\0\0\0\x18ftypheic\0\0\0\0heicmif1\0\0\0\x08moov", UnsupportedImage, "video"),
    ],
    ids=["scans", "segments", "lying size", "time unit", "codec", "bomb", "two headers", "video"],
)
async def test_refusal_states_reason(data: bytes, error: type[DomainError], reason: str) -> None:
    with pytest.raises(error, match=reason):
        await prepare(data)


@pytest.mark.parametrize("percent", [30, 50, 70, 90, 99])
async def test_truncated_grid_is_refused(percent: int) -> None:
    with pytest.raises(BrokenImage, match="send the whole file"):
        await prepare(HEIC_GRID[: len(HEIC_GRID) * percent // 100])


async def test_complete_grid_is_accepted() -> None:
    assert ((await prepare(HEIC_GRID)).width, open_large(await prepare(HEIC_GRID)).size) == (512, (512, 384))


@pytest.mark.parametrize("name", [b"tEXt", b"pHYs", b"iCCP", b"gAMA", b"s\x01IT"])
async def test_damaged_ancillary_chunk_is_ignored(name: bytes) -> None:
    assert (await prepare(files.png_with(files.chunk(name, b"Comment\0x", is_intact=False)))).width == 64


@pytest.mark.parametrize(
    "data",
    [sample_images.a_jpeg()[:-2], files.with_empty_jfif(), sample_images.a_png()[:-12]],
    ids=["no EOI", "empty segment", "no IEND"],
)
async def test_image_with_complete_pixels_is_accepted(data: bytes) -> None:
    assert open_large(await prepare(data)).size == (64, 48)


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-4],
        lambda data: data[:-1],
        lambda data: data[:-4] + b"none",
        lambda data: b"\x78\x02" + data[2:],
    ],
    ids=["absent", "cut", "wrong", "header"],
)
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P"])
async def test_png_with_damaged_checksum_keeps_its_pixels(mode: str, damage: Callable[[bytes], bytes]) -> None:
    whole = sample_images.encode(files.noise().convert(mode), "PNG")
    damaged = files.with_pixels(whole, damage)
    assert (await prepare(damaged)).renditions == (await prepare(whole)).renditions


@pytest.mark.parametrize("percent", [1, 50, 95])
async def test_png_with_incomplete_pixels_is_refused(percent: int) -> None:
    whole = sample_images.encode(files.noise(), "PNG")
    with pytest.raises(BrokenImage, match="damaged"):
        await prepare(files.with_pixels(whole, lambda data: data[: len(data) * percent // 100]))


BASELINE = sample_images.encode(files.noise(), "JPEG")
PROGRESSIVE = sample_images.encode(files.noise(), "JPEG", progressive=True)


@pytest.mark.parametrize(
    "data",
    [
        *(files.end_early(BASELINE, percent) for percent in (60, 90, 99)),
        files.end_early(PROGRESSIVE, 50),
        files.end_early(PROGRESSIVE, 95),
        files.end_early(files.with_restarts(), 60),
        files.without_middle(files.with_restarts()),
        files.end_early(files.with_unknown_revision(BASELINE), 90),
        *(files.short_gif(percent) for percent in (20, 90, 99)),
    ],
    ids=["60 %", "90 %", "99 %", "progressive", "last scan", "restarts", "middle", "warned", "GIF", "GIF 90", "GIF 99"],
)
async def test_image_with_missing_rows_is_refused(data: bytes) -> None:
    with pytest.raises(BrokenImage, match="part of the image is missing; use a complete copy"):
        await prepare(data)


async def test_image_with_missing_colour_component_is_refused() -> None:
    with pytest.raises(BrokenImage, match="1 of 3 colour components are missing"):
        await prepare(files.without_last_component())


@pytest.mark.parametrize(
    "data",
    [
        files.with_unknown_revision(BASELINE),
        files.with_restarts(),
        files.without_restart_numbers(files.with_restarts()),
        files.short_gif(100),
    ],
    ids=["revision", "restarts", "restart numbers", "GIF"],
)
async def test_warning_that_concerns_no_pixel_is_ignored(data: bytes) -> None:
    assert (await prepare(data)).width == 300


@pytest.mark.parametrize("depth", [1, 2, 4, 8, 16])
async def test_transparent_level_at_every_depth(depth: int) -> None:
    assert open_large(await prepare(files.transparent_grey(depth))).convert("RGBA").getchannel("A").getextrema() == (
        0,
        0,
    )


async def test_transparent_colour_of_sixteen_bits() -> None:
    assert open_large(await prepare(files.transparent_rgb16())).convert("RGBA").getchannel("A").getextrema() == (0, 0)


async def test_gif_is_transparent_around_small_frame() -> None:
    image = open_large(await prepare(files.small_frame_gif())).convert("RGBA")
    assert [image.getpixel(at)[3] for at in ((5, 5), (35, 25))] == [255, 0]  # type: ignore[index]


@pytest.mark.parametrize("format_", ["JPEG", "PNG"])
@pytest.mark.parametrize("size", [(2049, 1), (1, 10_000), (1, 60_000), (60_000, 3), (20_000, 2)])
async def test_all_aspect_ratios_are_accepted(format_: str, size: tuple[int, int]) -> None:
    image = await prepare(sample_images.encode(Image.new("RGB", size), format_))
    assert (image.width, image.height) == size
    assert min(open_large(image).size) == 1 if min(size) < 30 else True


@pytest.mark.parametrize("size", [(16_383, 1), (1, 16_383), (9_000, 2), (3, 12_000)])
async def test_all_aspect_ratios_of_webp_are_accepted(size: tuple[int, int]) -> None:
    image = await prepare(sample_images.encode(Image.new("RGB", size, (200, 10, 10)), "WEBP"))
    assert (image.width, image.height, min(open_large(image).size)) == (*size, 1)


async def test_fifty_megapixels_are_accepted() -> None:
    assert (await prepare(sample_images.encode(Image.new("L", (8192, 6144)), "JPEG"))).width == 8192


@pytest.mark.parametrize(
    "make", [sample_images.a_jpeg, sample_images.a_png, sample_images.a_webp, sample_images.an_animation]
)
async def test_trailing_data_is_not_stored(make: object) -> None:
    whole: bytes = make()  # type: ignore[operator]
    assert (await prepare(whole + b"x" * 10_000)).length == len(whole)


async def test_further_images_of_file_are_stored() -> None:
    whole = sample_images.an_mpo()
    assert (await prepare(whole + b"x" * 10_000)).length == len(whole)
