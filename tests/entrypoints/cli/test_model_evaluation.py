"""`tintype model evaluate` with a model of three colours."""

import csv
from pathlib import Path

import pytest
from PIL import Image

from container import Container
from tests import sample_images as of
from tests.containers import memory_container
from tests.entrypoints.cli.conftest import Tintype
from tests.models import BLUE_CLASS, GREEN_CLASS, RED_CLASS, tiny_model

COLOURS = [(of.RED, RED_CLASS), (of.GREEN, GREEN_CLASS), (of.BLUE, BLUE_CLASS)]


@pytest.fixture
def container(tmp_path: Path) -> Container:
    container = memory_container(config={"classifier": "onnx", "home": tmp_path / "home", "device": "cpu"})
    container.model_store().install(tiny_model(tmp_path / "tiny.onnx", gain=12))
    return container


@pytest.fixture
def tintype(container: Container) -> Tintype:
    return Tintype(container)


def write_labelled_folder(folder: Path, count: int, wrong: int = 6) -> Path:
    """Write this number of images; one in `wrong` is labelled incorrectly."""
    folder.mkdir()
    with (folder / "labels.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("file", "class_index"))
        for place in range(count):
            colour, truth = COLOURS[place % 3]
            (folder / f"{place}.jpg").write_bytes(of.a_jpeg(32, 24, colour, seed=place))
            rows.writerow((f"{place}.jpg", BLUE_CLASS if place % wrong == 0 else truth))
    return folder


def test_report_contains_accuracy_and_calibration(tintype: Tintype, tmp_path: Path) -> None:
    folder = write_labelled_folder(tmp_path / "few", 12)

    said = tintype("model", "evaluate", folder).out
    (line,) = tintype("model", "evaluate", folder, "--json").lines

    for words in ("top-1 83.3%", "expected calibration error", "95% interval", "perfect", "without a label"):
        assert words in said
    assert "retriever classified as" in said or "classified as retriever" in said
    low, high = line["served"]["calibration_error_interval"]
    assert 0 <= low <= line["served"]["calibration_error"] <= high <= 1
    assert len(line["crossed"]["temperatures"]) == 2
    assert sum(it["count"] for it in line["confusions"]) + line["near_misses"] == 2
    assert "verdicts" not in line


def test_plot_is_png(tintype: Tintype, tmp_path: Path) -> None:
    folder, file = write_labelled_folder(tmp_path / "few", 6), tmp_path / "reliability.png"

    assert tintype("model", "evaluate", folder, "--plot", file).code == 0

    with Image.open(file) as image:
        assert image.format == "PNG"
        assert image.width > 600
    nowhere = tintype("model", "evaluate", folder, "--plot", tmp_path / "no" / "where.png")
    assert nowhere.code == 4
    assert "cannot be written" in nowhere.err


def test_fitted_temperature_is_stored(tintype: Tintype, container: Container, tmp_path: Path) -> None:
    folder = write_labelled_folder(tmp_path / "many", 100, wrong=100)
    (before,) = tintype("model", "evaluate", folder, "--json").lines

    said = tintype("model", "evaluate", folder, "--fit").out

    (after,) = tintype("model", "evaluate", folder, "--json").lines
    model = container.model_store().current()
    assert model is not None
    assert after["served"]["temperatures"] == [model.temperature] == [pytest.approx(before["fitted_temperature"])]
    assert f"runs at temperature {model.temperature:.2f} from now on" in said
    assert after["served"]["calibration_error"] < before["served"]["calibration_error"]


def test_too_few_images_are_refused(tintype: Tintype, container: Container, tmp_path: Path) -> None:
    ran = tintype("model", "evaluate", write_labelled_folder(tmp_path / "few", 12), "--fit")

    model = container.model_store().current()
    assert model is not None
    assert (ran.code, model.temperature) == (4, 1.0)
    assert "at least 100" in ran.err


def test_verdicts_are_optional(tintype: Tintype, tmp_path: Path) -> None:
    folder = write_labelled_folder(tmp_path / "few", 6)

    assert "No owner has given a verdict on a label yet" in tintype("model", "evaluate", folder, "--verdicts").out
    (line,) = tintype("model", "evaluate", folder, "--verdicts", "--json").lines
    assert line["verdicts"] == []
