"""Fingerprints of copies are similar, those of different images are not."""

import math
import random
from collections.abc import Callable
from io import BytesIO
from itertools import combinations

import pytest
from PIL import Image, ImageDraw, ImageFilter

from adapters.pillow.fingerprint import fingerprint
from domain.vision.duplicates import MAX_DISTANCE, Fingerprint, hamming_distance
from tests.real_data import DATA

PHOTOGRAPHS = DATA / "images"
SCENES = 120
FOUND = 0.99
"""The share of copies that must be found."""


def a_scene(seed: int) -> Image.Image:
    """Large and small shapes in front of a sky: as in photographs, low frequencies dominate."""
    rnd = random.Random(seed)  # noqa: S311 — no secret
    width, height = rnd.choice([(640, 480), (480, 640), (600, 600), (800, 450)])
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    draw = ImageDraw.Draw(image)
    for size in (0.6, 0.5, 0.4, 0.3, 0.2, 0.2, 0.1, 0.1):
        left, top = rnd.uniform(-0.2, 0.9) * width, rnd.uniform(-0.2, 0.9) * height
        box = (left, top, left + rnd.uniform(0.5, 1) * size * width, top + rnd.uniform(0.5, 1) * size * height)
        colour = tuple(rnd.randrange(256) for _ in range(3))
        (draw.ellipse if rnd.random() < 0.5 else draw.rectangle)(box, fill=colour)
    return image.filter(ImageFilter.GaussianBlur(1.5))


@pytest.fixture(scope="module", params=["scenes", "photographs"])
def images(request: pytest.FixtureRequest) -> list[Image.Image]:
    if request.param == "scenes":
        return [a_scene(seed) for seed in range(SCENES)]
    if not PHOTOGRAPHS.is_dir():
        pytest.skip("needs the photographs that CONTRIBUTING.md names")
    return [Image.open(path).convert("RGB") for path in sorted(PHOTOGRAPHS.glob("*.JPEG"))]


@pytest.fixture(scope="module")
def fingerprints(images: list[Image.Image]) -> list[Fingerprint]:
    return [require_fingerprint(image) for image in images]


def compress(quality: int) -> Callable[[Image.Image], Image.Image]:
    def copy(image: Image.Image) -> Image.Image:
        buffer = BytesIO()
        image.save(buffer, "JPEG", quality=quality)
        return Image.open(buffer)

    return copy


def halve(image: Image.Image) -> Image.Image:
    return image.resize((image.width // 2, image.height // 2))


def trim(image: Image.Image) -> Image.Image:
    """The image with each side trimmed by 0-2 %, depending on the image."""
    rnd = random.Random(f"{image.size} {image.getpixel((0, 0))}")  # noqa: S311 — no secret
    left, top, right, bottom = (rnd.uniform(0, 0.02) for _ in range(4))
    width, height = image.size
    return image.crop(
        (round(left * width), round(top * height), round((1 - right) * width), round((1 - bottom) * height))
    )


def trim_most(image: Image.Image) -> Image.Image:
    """The image with all sides trimmed by 2 %."""
    across, down = math.floor(0.02 * image.width), math.floor(0.02 * image.height)
    return image.crop((across, down, image.width - across, image.height - down))


def require_fingerprint(image: Image.Image) -> Fingerprint:
    found = fingerprint(image)
    assert found is not None
    return found


@pytest.mark.parametrize("copy", [compress(20), compress(60), halve, trim, trim_most])
def test_copies_are_near(
    images: list[Image.Image], fingerprints: list[Fingerprint], copy: Callable[[Image.Image], Image.Image]
) -> None:
    found = sum(
        hamming_distance(own, require_fingerprint(copy(image))) <= MAX_DISTANCE
        for image, own in zip(images, fingerprints, strict=True)
    )
    assert found / len(images) >= FOUND


def test_different_images_are_not_near(fingerprints: list[Fingerprint]) -> None:
    pairs = list(combinations(fingerprints, 2))
    confused = sum(hamming_distance(one, other) <= MAX_DISTANCE for one, other in pairs)
    assert confused / len(pairs) <= 0.001


@pytest.mark.parametrize("colour", ["white", "black", (10, 200, 90)])
def test_empty_image_has_no_fingerprint(colour: str | tuple[int, int, int]) -> None:
    assert fingerprint(Image.new("RGB", (640, 480), colour)) is None


def test_transparency_is_white() -> None:
    shape = Image.new("RGBA", (200, 200), (0, 0, 0, 0))
    ImageDraw.Draw(shape).ellipse((20, 40, 120, 180), fill=(200, 30, 30, 255))
    on_white = Image.alpha_composite(Image.new("RGBA", shape.size, "white"), shape).convert("RGB")
    assert fingerprint(shape) == fingerprint(on_white)
