"""The upload pipeline."""

from io import BytesIO

import pytest
from PIL import Image, ImageOps

from adapters.vips.processor import VipsImageProcessor
from domain.image_processing import EncodedImage, PreparedImage
from domain.images import BrokenImage, ImageTooLarge, Size, TooManyPixels
from domain.limits import Limits
from tests import sample_images
from tests.decoders import POOL

CORNERS = (sample_images.RED, sample_images.GREEN, sample_images.WHITE, sample_images.BLUE)


@pytest.fixture
def processor() -> VipsImageProcessor:
    return VipsImageProcessor(Limits(), POOL)


def open_rendition(rendition: EncodedImage) -> Image.Image:
    image = Image.open(BytesIO(rendition.data))
    image.load()
    return image


def large(image: PreparedImage) -> Image.Image:
    return open_rendition(image.renditions[Size.LARGE])


def near(actual: object, wanted: tuple[int, ...], tolerance: int = 25) -> bool:
    assert isinstance(actual, tuple)
    return all(abs(one - other) <= tolerance for one, other in zip(actual[:3], wanted, strict=True))


def corners(image: Image.Image) -> list[object]:
    right, bottom = image.width - 4, image.height - 4
    return [image.convert("RGB").getpixel(at) for at in ((3, 3), (right, 3), (3, bottom), (right, bottom))]


# The corners (upper left, upper right, lower left, lower right) after turning as EXIF says; by hand from CIPA DC-008.
R, G, W, B = CORNERS
UPRIGHT = {
    1: (R, G, W, B), 2: (G, R, B, W), 3: (B, W, G, R), 4: (W, B, R, G),
    5: (R, W, G, B), 6: (W, R, B, G), 7: (B, G, W, R), 8: (G, B, R, W),
}  # fmt: skip


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("encode", [sample_images.rotated_jpeg, sample_images.an_avif])
async def test_images_are_upright(processor: VipsImageProcessor, encode: object, orientation: int) -> None:
    image = await processor.prepare(encode(orientation))  # type: ignore[operator]
    assert (image.width, image.height) == ((64, 48) if orientation < 5 else (48, 64))
    assert large(image).size == (image.width, image.height)
    assert all(map(near, corners(large(image)), UPRIGHT[orientation]))


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
async def test_heic_is_rotated_once(processor: VipsImageProcessor, orientation: int) -> None:
    image = await processor.prepare(sample_images.a_heic(orientation))
    assert image.content_type == "image/heic"
    assert (image.width, image.height) == ((64, 48) if orientation < 5 else (48, 64))
    assert all(map(near, corners(large(image)), UPRIGHT[orientation]))


@pytest.mark.parametrize("profile", [None, sample_images.a_profile()])
async def test_metadata_are_removed(processor: VipsImageProcessor, profile: bytes | None) -> None:
    image = await processor.prepare(sample_images.a_jpeg_with_metadata(profile))
    for rendition in image.renditions.values():
        assert b"Secret" not in rendition.data
        assert b"Exif" not in rendition.data
        assert not {"exif", "icc_profile", "comment", "xmp"} & open_rendition(rendition).info.keys()


async def test_first_image_of_mpo_is_served(processor: VipsImageProcessor) -> None:
    image = await processor.prepare(sample_images.an_mpo())
    assert image.content_type == "image/jpeg"
    assert large(image).format == "JPEG"
    assert all(map(near, corners(large(image)), CORNERS))


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG"])
async def test_first_frame_of_animation_is_served(processor: VipsImageProcessor, format: str) -> None:  # noqa: A002
    image = await processor.prepare(sample_images.an_animation(format))
    assert near(large(image).convert("RGB").getpixel((20, 15)), sample_images.RED)


async def test_cmyk_colours(processor: VipsImageProcessor) -> None:
    image = await processor.prepare(sample_images.a_cmyk_jpeg(sample_images.RED))
    assert near(large(image).getpixel((30, 20)), sample_images.RED)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
async def test_all_modes_are_accepted(processor: VipsImageProcessor, mode: str) -> None:
    image = await processor.prepare(sample_images.a_png(mode=mode))
    assert large(image).mode == "RGB"
    assert near(large(image).getpixel((3, 44)), sample_images.WHITE)


async def test_sixteen_bits_are_scaled_not_clipped(processor: VipsImageProcessor) -> None:
    image = await processor.prepare(sample_images.a_sixteen_bit_png(32768))
    assert near(large(image).getpixel((5, 5)), (128, 128, 128), 3)


async def test_transparency_is_kept(processor: VipsImageProcessor) -> None:
    image = await processor.prepare(sample_images.a_transparent_png())
    assert {it.content_type for it in image.renditions.values()} == {"image/webp"}
    pixel = large(image).getpixel((3, 3))
    assert isinstance(pixel, tuple)
    assert abs(pixel[3] - 100) < 5


async def test_profile_is_applied(processor: VipsImageProcessor) -> None:
    swapped = Image.new("RGB", (40, 30), (200, 60, 30))
    profile = sample_images.a_profile_that_swaps_red_and_green()
    image = await processor.prepare(sample_images.encode(swapped, "PNG", icc_profile=profile))
    assert near(large(image).getpixel((5, 5)), (60, 200, 30))


@pytest.mark.parametrize("profile", [b"nonsense", sample_images.a_profile()[:100]], ids=["nonsense", "half"])
async def test_damaged_profile_is_ignored(processor: VipsImageProcessor, profile: bytes) -> None:
    brown = Image.new("RGB", (40, 30), (120, 60, 30))
    image = await processor.prepare(sample_images.encode(brown, "PNG", icc_profile=profile))
    assert near(large(image).getpixel((5, 5)), (120, 60, 30), 4)


async def test_images_are_never_enlarged(processor: VipsImageProcessor) -> None:
    image = await processor.prepare(sample_images.a_jpeg(3000, 1500))
    sizes = {size: open_rendition(rendition).size for size, rendition in image.renditions.items()}
    assert sizes == {Size.LARGE: (2048, 1024), Size.MEDIUM: (1080, 540), Size.THUMB: (320, 160)}
    assert (image.width, image.height) == (3000, 1500)
    assert large(await processor.prepare(sample_images.a_jpeg(10, 8))).size == (10, 8)


@pytest.mark.parametrize("size", [(1, 1), (1, 20_000), (20_000, 1), (1, 9_000)])
async def test_thinnest_images_are_accepted(processor: VipsImageProcessor, size: tuple[int, int]) -> None:
    image = await processor.prepare(sample_images.a_png(*size))
    assert (image.width, image.height) == size
    assert min(open_rendition(image.renditions[Size.THUMB]).size) == 1


@pytest.mark.parametrize("percent", range(10, 100, 10))
@pytest.mark.parametrize(
    "make",
    [sample_images.a_jpeg, sample_images.a_png, sample_images.a_webp, sample_images.an_avif, sample_images.a_heic],
)
async def test_truncated_file_is_broken(processor: VipsImageProcessor, make: object, percent: int) -> None:
    whole: bytes = make() if make is not sample_images.a_png else sample_images.a_png(900, 700)  # type: ignore[operator]
    with pytest.raises(BrokenImage):
        await processor.prepare(whole[: len(whole) * percent // 100])


@pytest.mark.parametrize("orientation", range(2, 9))
async def test_placeholder_is_upright(processor: VipsImageProcessor, orientation: int) -> None:
    exif = Image.Exif()
    exif[sample_images.ORIENTATION] = orientation
    turned = sample_images.encode(sample_images.quarters(), "PNG", exif=exif)
    upright = sample_images.encode(ImageOps.exif_transpose(Image.open(BytesIO(turned))), "PNG")
    placeholders = [(await processor.prepare(data)).placeholder for data in (turned, upright)]
    assert placeholders[0] == placeholders[1]


async def test_placeholder_has_white_background(processor: VipsImageProcessor) -> None:
    glass = Image.new("RGBA", (40, 30), (0, 0, 0, 0))
    white = Image.new("RGB", (40, 30), sample_images.WHITE)
    placeholders = [(await processor.prepare(sample_images.encode(it, "PNG"))).placeholder for it in (glass, white)]
    assert placeholders[0] == placeholders[1]


async def test_images_at_limits_are_accepted() -> None:
    image = sample_images.a_png(20, 10)
    await VipsImageProcessor(Limits(max_upload_bytes=len(image), max_pixels=200), POOL).prepare(image)
    with pytest.raises(ImageTooLarge):
        await VipsImageProcessor(Limits(max_upload_bytes=len(image) - 1), POOL).prepare(image)
    with pytest.raises(TooManyPixels):
        await VipsImageProcessor(Limits(max_pixels=199), POOL).prepare(image)


@pytest.mark.parametrize("brand", [b"heix", b"mif1"])
async def test_heic_brands(processor: VipsImageProcessor, brand: bytes) -> None:
    data = sample_images.a_heic()
    length = int.from_bytes(data[:4])
    other = data[:8] + brand + data[12:16] + brand * ((length - 16) // 4) + data[length:]
    image = await processor.prepare(other)
    assert image.content_type == "image/heic"
    assert all(map(near, corners(large(image)), CORNERS))


async def test_opaque_alpha_is_removed(processor: VipsImageProcessor) -> None:
    image = await processor.prepare(sample_images.a_png(mode="RGBA"))
    assert {it.content_type for it in image.renditions.values()} == {"image/jpeg"}
