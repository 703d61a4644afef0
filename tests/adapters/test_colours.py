"""Colours as littlecms converts them and as Chromium displays them (compared again in
`tests/browser/test_colours.py`)."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageCms

from adapters.decoding.protocol import DecodingTask
from adapters.vips.processor import VipsImageProcessor
from adapters.vips.profiles import build_profile
from domain.formats.colour import Colour
from domain.images import Size
from domain.limits import Limits
from tests import colour_patches, sample_images
from tests.decoders import POOL
from tests.hostile import files

MOST = 2.0
"""Levels of 255, in the mean."""
SRGB = ImageCms.createProfile("sRGB")


async def rendition(data: bytes, size: Size = Size.LARGE) -> Image.Image:
    image = await VipsImageProcessor(Limits(), POOL).prepare(data)
    return Image.open(BytesIO(image.renditions[size].data))


def by_littlecms(image: Image.Image, profile: bytes) -> Image.Image:
    found = ImageCms.profileToProfile(image, BytesIO(profile), SRGB, outputMode="RGB")
    assert found is not None
    return found


def in_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    return by_littlecms(image, profile) if profile else image


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "WEBP", "AVIF"])
@pytest.mark.parametrize("size", Size)
async def test_profile_is_applied_like_littlecms(format_: str, size: Size) -> None:
    options: dict[str, dict[str, object]] = {
        "PNG": {},
        "JPEG": {"quality": 98, "subsampling": 0},
        "WEBP": {"lossless": True},
    }
    options["AVIF"] = {"quality": 100, "subsampling": "4:4:4"}
    profile = colour_patches.display_p3()
    data = sample_images.encode(colour_patches.patches(), format_, icc_profile=profile, **options[format_])
    wanted = colour_patches.patch_means(by_littlecms(colour_patches.patches(), profile))
    assert colour_patches.difference(colour_patches.patch_means(in_srgb(await rendition(data, size))), wanted) <= MOST


@pytest.mark.parametrize("alpha", [False, True])
@pytest.mark.parametrize("power", [1, 3])
async def test_grey_profile_is_applied_with_alpha(power: int, alpha: bool) -> None:
    profile = colour_patches.grey_profile(power)
    data = colour_patches.a_grey_png(colour_patches.profile_chunk(profile), alpha=alpha)
    wanted = colour_patches.patch_means(by_littlecms(colour_patches.patches().convert("L"), profile))
    assert colour_patches.difference(colour_patches.patch_means(await rendition(data)), wanted) <= MOST


@pytest.mark.parametrize("alpha", [False, True])
@pytest.mark.parametrize("format_", ["AVIF", "HEIC"])
async def test_grey_profile_applies_if_decoder_expands_grey(format_: str, alpha: bool) -> None:
    profile = colour_patches.grey_profile(3)
    data = colour_patches.a_grey_heif(format_, profile, alpha=alpha)
    wanted = colour_patches.patch_means(by_littlecms(colour_patches.patches().convert("L"), profile))
    assert colour_patches.difference(colour_patches.patch_means(await rendition(data)), wanted) <= MOST


@pytest.mark.parametrize("format_", ["PNG", "WEBP"])
async def test_grey_profile_of_colour_image_is_ignored(format_: str) -> None:
    profile = colour_patches.grey_profile(3)
    found = await rendition(sample_images.encode(colour_patches.patches(), format_, lossless=True, icc_profile=profile))
    wanted = colour_patches.patch_means(colour_patches.patches())
    assert colour_patches.difference(colour_patches.patch_means(found), wanted) <= MOST


def has_profile(data: bytes) -> bool:
    return bool(Image.open(BytesIO(data)).info.get("icc_profile"))


@pytest.mark.parametrize(
    "data",
    [
        colour_patches.a_png(colour_patches.profile_chunk(colour_patches.display_p3())),
        colour_patches.a_png(colour_patches.cicp_chunk(12, 13)),
        colour_patches.a_png(colour_patches.cicp_chunk(12, 16)),
        colour_patches.an_avif(12, 13),
        colour_patches.a_heic(12, 13),
    ],
    ids=["profile", "cICP", "PQ", "AVIF", "HEIC"],
)
async def test_only_large_rendition_keeps_display_p3(data: bytes) -> None:
    image = await VipsImageProcessor(Limits(), POOL).prepare(data)
    assert [has_profile(image.renditions[size].data) for size in (Size.LARGE, Size.MEDIUM, Size.THUMB)] == [
        True,
        False,
        False,
    ]


async def test_display_p3_with_transparency() -> None:
    image = colour_patches.patches()
    image.putalpha(Image.new("L", image.size, 100))
    data = sample_images.encode(image, "PNG", icc_profile=colour_patches.display_p3())
    found = [await rendition(data, size) for size in Size]
    assert {image.format for image in found} == {"WEBP"}
    assert all(abs(image.getchannel("A").getextrema()[0] - 100) < 5 for image in found)  # type: ignore[operator]


async def test_original_profile_is_not_served() -> None:
    profile = colour_patches.display_p3()[:4] + b"S3cr" + colour_patches.display_p3()[8:]
    large = await rendition(sample_images.encode(colour_patches.patches(), "PNG", icc_profile=profile))
    assert b"S3cr" not in large.info["icc_profile"]


async def test_codes_take_precedence_over_profile() -> None:
    data = colour_patches.a_png(
        colour_patches.cicp_chunk(1, 13), colour_patches.profile_chunk(colour_patches.display_p3())
    )
    assert (
        colour_patches.difference(
            colour_patches.patch_means(await rendition(data)), colour_patches.patch_means(colour_patches.patches())
        )
        <= MOST
    )


@pytest.mark.parametrize("depth", [8, 10, 12])
@pytest.mark.parametrize("codes", [(1, 13), (12, 13), (9, 16), (10, 8)])
async def test_codes_of_coded_image_apply_without_container_codes(codes: tuple[int, int], depth: int) -> None:
    found = [colour_patches.an_avif(*codes), colour_patches.an_avif_without_codes(*codes, depth)]
    one, other = [colour_patches.patch_means(in_srgb(await rendition(data))) for data in found]
    assert colour_patches.difference(one, other) <= MOST


@pytest.mark.parametrize("codes", [(1, 13), (12, 13), (9, 16), (10, 8)])
async def test_codes_in_an_hevc_image_count_where_its_container_has_none(codes: tuple[int, int]) -> None:
    found = [colour_patches.a_heic(*codes), colour_patches.a_heic_without_codes(*codes)]
    one, other = [colour_patches.patch_means(in_srgb(await rendition(data))) for data in found]
    assert colour_patches.difference(one, other) <= MOST


@pytest.mark.parametrize("codes", [(9, 12), (2, 16), (255, 8)])
async def test_unknown_codes_are_ignored(codes: tuple[int, int]) -> None:
    data = colour_patches.a_png(colour_patches.cicp_chunk(*codes))
    assert (
        colour_patches.difference(
            colour_patches.patch_means(await rendition(data)), colour_patches.patch_means(colour_patches.patches())
        )
        <= MOST
    )


async def test_hevc_and_av1_codes_agree() -> None:
    for codes in ((9, 16), (9, 18), (12, 13), (1, 8)):
        one, other = [
            colour_patches.patch_means(await rendition(make(*codes)))
            for make in (colour_patches.an_avif, colour_patches.a_heic)
        ]
        assert colour_patches.difference(one, other) <= MOST


async def test_stated_peak_luminance_is_used() -> None:
    stated = colour_patches.a_png(
        colour_patches.cicp_chunk(9, 16), files.chunk(b"cLLI", (40_000_000).to_bytes(4) + bytes(4))
    )
    one, other = [
        colour_patches.patch_means(await rendition(data))
        for data in (colour_patches.a_png(colour_patches.cicp_chunk(9, 16)), stated)
    ]
    assert one[4] == (255.0, 255.0, 255.0)
    assert other[4][0] < 245


async def test_peak_luminance_below_white_is_accepted() -> None:
    stated = colour_patches.a_png(
        colour_patches.cicp_chunk(9, 16), files.chunk(b"cLLI", (1_000_000).to_bytes(4) + bytes(4))
    )
    found = colour_patches.patch_means(await rendition(stated))
    assert [level[0] for level in found[:5]] == sorted(level[0] for level in found[:5])
    assert found[4] == (255.0, 255.0, 255.0)


async def test_ultra_hdr_keeps_only_gain_map() -> None:
    data = colour_patches.an_ultra_hdr(3000, 1500, exif=b"Exif\0\0SecretPlace")
    image = await VipsImageProcessor(Limits(), POOL).prepare(data)
    large = image.renditions[Size.LARGE].data
    assert image.length == len(data)
    assert b"Secret" not in large
    base, gain = frames(large)
    assert (base.size, gain.size) == ((2048, 1024), (1024, 512))
    levels = np.asarray(gain.convert("L"), float)
    assert levels[:, -50:].mean() > levels[:, :50].mean() + 50  # brighter on the right
    assert len(frames(image.renditions[Size.MEDIUM].data)) == 1


def frames(data: bytes) -> list[Image.Image]:
    image = Image.open(BytesIO(data))
    found = []
    for number in range(getattr(image, "n_frames", 1)):
        image.seek(number)
        found.append(image.copy())
    return found


async def test_gain_map_is_upright() -> None:
    turned = Image.Exif()
    turned[sample_images.ORIENTATION] = 6
    image = await VipsImageProcessor(Limits(), POOL).prepare(
        colour_patches.an_ultra_hdr(400, 300, exif=turned.tobytes())
    )
    base, gain = frames(image.renditions[Size.LARGE].data)
    assert (base.size, base.width < base.height, gain.width < gain.height) == ((300, 400), True, True)
    levels = np.asarray(gain.convert("L"), float)
    assert levels[-10:].mean() > levels[:10].mean() + 50  # what was on the right is below


async def test_damaged_gain_map_is_left_out() -> None:
    whole = colour_patches.an_ultra_hdr()
    start = whole.rindex(b"\xff\xd8\xff")
    for damaged in (whole[: start + 700], whole[: start + 40] + bytes(60) + whole[start + 100 :]):
        image = await VipsImageProcessor(Limits(), POOL).prepare(damaged)
        assert frames(image.renditions[Size.LARGE].data)[0].size == (400, 300)


async def test_network_input_is_srgb() -> None:
    """JPEGs are decoded in a different way."""
    red = Image.new("RGB", (600, 600), (200, 60, 30))
    profile = sample_images.a_profile_that_swaps_red_and_green()
    for format_ in ("JPEG", "PNG"):
        frame = POOL.decode(DecodingTask.NETWORK, 10**6, sample_images.encode(red, format_, icc_profile=profile))
        assert np.abs(np.frombuffer(frame.body, np.uint8).reshape(-1, 3) - np.array((60.0, 200, 30))).mean() < MOST


async def test_network_input_has_white_background() -> None:
    glass = sample_images.encode(Image.new("RGBA", (300, 300), (0, 0, 0, 0)), "PNG")
    assert set(POOL.decode(DecodingTask.NETWORK, 10**6, glass).body) == {255}


@pytest.mark.parametrize("format_", ["JPEG", "PNG"])
async def test_srgb_profile_changes_no_level(format_: str) -> None:
    patches = colour_patches.patches()
    profile = ImageCms.ImageCmsProfile(SRGB).tobytes()
    plain, tagged = (sample_images.encode(patches, format_, icc_profile=one) for one in (None, profile))
    bodies = {POOL.decode(DecodingTask.NETWORK, 10**6, data).body for data in (plain, tagged)}
    assert len(bodies) == 1


@pytest.mark.parametrize("gamma", [1.0, 1.8, 2.2])
async def test_profile_with_other_curves_than_srgb_is_applied(gamma: float) -> None:
    profile = build_profile(Colour(gamma=gamma))
    data = sample_images.encode(colour_patches.patches(), "PNG", icc_profile=profile)
    wanted = colour_patches.patch_means(by_littlecms(colour_patches.patches(), profile))
    assert colour_patches.difference(colour_patches.patch_means(await rendition(data)), wanted) <= MOST
