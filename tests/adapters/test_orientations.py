"""Turned and mirrored copies of images are found by hashes that are derived from those of the original."""

from collections.abc import Sequence

import pytest
from PIL import Image

from adapters.pillow.fingerprint import fingerprint
from adapters.pillow.pdq import pdq_and_quality, pdq_hashes
from adapters.vips.processor import VipsImageProcessor
from domain.images import Size
from domain.limits import Limits
from domain.vision.dihedral import ORIENTATIONS
from domain.vision.duplicates import MAX_DISTANCE, fingerprint_orientations, hamming_distance
from domain.vision.pdq import MAX_PDQ_DISTANCE, Pdq, pdq_distance, pdq_orientations
from tests.adapters.test_fingerprint import PHOTOGRAPHS, a_scene, compress, halve
from tests.decoders import POOL
from tests.sample_images import encode

BEST_QUALITY = 100
FOUND = 0.9
"""The share of turned copies that must be found."""
TURNS: Sequence[Image.Transpose | None] = (None, *Image.Transpose)


@pytest.fixture(scope="module", params=["scenes", "photographs"])
def images(request: pytest.FixtureRequest) -> list[Image.Image]:
    if request.param == "scenes":
        return [a_scene(seed) for seed in range(20)]
    if not PHOTOGRAPHS.is_dir():
        pytest.skip("needs the photographs that CONTRIBUTING.md names")
    return [Image.open(path).convert("RGB") for path in sorted(PHOTOGRAPHS.glob("*.JPEG"))[::5]]


def turn(image: Image.Image, step: Image.Transpose | None) -> Image.Image:
    return image if step is None else image.transpose(step)


def require_hashes(image: Image.Image) -> tuple[Pdq, ...]:
    found = pdq_hashes(image)
    assert len(found) == len(ORIENTATIONS)
    return found


@pytest.mark.parametrize("step", TURNS, ids=str)
def test_fingerprints_of_turned_copies_are_derived(images: list[Image.Image], step: Image.Transpose | None) -> None:
    for image in images:
        original, copy = fingerprint(image), fingerprint(compress(80)(turn(image, step)))
        assert original is not None
        assert copy is not None
        assert min(hamming_distance(copy, one) for one in fingerprint_orientations(original)) <= MAX_DISTANCE


@pytest.mark.parametrize("step", TURNS, ids=str)
def test_most_turned_copies_have_pdq_hash_of_original(images: list[Image.Image], step: Image.Transpose | None) -> None:
    """PDQ does not promise it for all: its 64 × 64 samples are not in the middle of the image."""
    distances = [
        min(pdq_distance(hashes[0], one) for one in require_hashes(compress(80)(turn(image, step))))
        for image in images
        if (hashes := pdq_hashes(image)) and pdq_and_quality(image)[1] == BEST_QUALITY
    ]

    assert len(distances) >= 10
    assert sum(distance <= MAX_PDQ_DISTANCE for distance in distances) >= FOUND * len(distances)


def test_derived_pdq_hashes_are_nearest_in_same_orientation(images: list[Image.Image]) -> None:
    """Stored hashes are turned without the image. They are not always within the limit, but always nearest."""
    for image in images:
        if hashes := pdq_hashes(image):
            for derived, exact in zip(pdq_orientations(hashes[0]), hashes, strict=True):
                distances = [pdq_distance(derived, one) for one in hashes]
                assert min(distances) == pdq_distance(derived, exact)


def test_other_images_do_not_match_in_any_orientation(images: list[Image.Image]) -> None:
    hashes = [found for image in images if (found := pdq_hashes(image))]
    assert len(hashes) > 10
    for place, one in enumerate(hashes):
        for other in hashes[:place]:
            assert min(pdq_distance(other[0], turned) for turned in one) > MAX_PDQ_DISTANCE


def test_image_without_features_has_no_pdq_hash() -> None:
    assert pdq_hashes(Image.new("RGB", (640, 480), "grey")) == ()
    assert pdq_hashes(Image.new("RGB", (1, 1), "grey")) == ()


def test_small_and_transparent_images_have_pdq_hashes() -> None:
    scene = a_scene(3)
    original = require_hashes(scene)[0]
    assert pdq_distance(original, require_hashes(halve(halve(scene)))[0]) <= MAX_PDQ_DISTANCE
    assert require_hashes(scene.convert("RGBA"))[0] == original


async def test_pdq_hashes_of_renditions_are_those_of_uploads() -> None:
    processor = VipsImageProcessor(Limits(), POOL)
    for seed in range(5):
        scene = a_scene(seed).resize((2400, 1800))
        image = await processor.prepare(encode(scene, "JPEG"))

        hashes = await processor.pdq_hashes(image.renditions[Size.MEDIUM].data)

        for one, other in zip(hashes, require_hashes(scene), strict=True):
            assert pdq_distance(one, other) <= MAX_PDQ_DISTANCE // 2
    plain = await processor.prepare(encode(Image.new("RGB", (640, 480), "grey"), "PNG"))
    assert await processor.pdq_hashes(plain.renditions[Size.MEDIUM].data) == ()
