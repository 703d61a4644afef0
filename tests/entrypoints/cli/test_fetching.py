"""`tintype model fetch`, and its state in `tintype doctor`."""

from pathlib import Path

import pytest

from adapters.memory.downloader import MemoryModelDownloader
from adapters.memory.models import IR_VERSION
from domain.vision import Installer
from domain.vision.model_source import MOBILENET_V2, parse_model_source
from tests.containers import memory_container
from tests.entrypoints.cli.conftest import Tintype
from tests.models import tiny_model

HUB, KAGGLE = (parse_model_source(handle) for handle in MOBILENET_V2)


def test_failed_round_is_unavailable_and_names_sources() -> None:
    ran = Tintype(memory_container())("model", "fetch")
    assert ran.code == 5
    for name in ("TensorFlow Hub: there is no network", "Kaggle Models: there is no network"):
        assert name in ran.err
    assert "Downloading from TensorFlow Hub …" in ran.err


def test_fetched_model_replaces_any_model(tmp_path: Path) -> None:
    container = memory_container(downloader=MemoryModelDownloader({KAGGLE.url: b"a graph"}))
    tintype = Tintype(container)
    (tmp_path / "own.onnx").write_bytes(IR_VERSION)
    assert tintype("model", "install", tmp_path / "own.onnx").code == 0
    ran = tintype("model", "fetch", "--json")
    assert ran.code == 0, ran.err
    assert container.model_store().installer() is Installer.OPERATOR
    [line] = tintype("model", "info", "--json").lines
    assert line["manifest"]["source"]["url"] == KAGGLE.address


def test_model_of_address_is_converted() -> None:
    container = memory_container(downloader=MemoryModelDownloader({"https://example.org/a.tar.gz": b"a graph"}))
    ran = Tintype(container)("model", "convert", "https://example.org/a.tar.gz")
    assert (ran.code, "is installed" in ran.out) == (0, True)
    assert "Downloading from example.org/a.tar.gz …" in ran.err


def test_invalid_address_is_refused() -> None:
    assert Tintype(memory_container())("model", "convert", "ftp://example.org/a").code == 4


@pytest.fixture
def onnx(tmp_path: Path) -> Tintype:
    """A container with a home, whose sources are unreachable."""
    home = {"classifier": "onnx", "home": tmp_path, "fetches": True}
    return Tintype(memory_container(config=home, downloader=MemoryModelDownloader()))


def test_doctor_reports_failed_rounds_and_next_attempt(onnx: Tintype) -> None:
    before = {part["part"]: part for part in onnx("doctor", "--json").lines}["model fetch"]
    assert before["ok"]
    assert "not tried yet" in before["detail"]
    onnx("model", "fetch")
    after = {part["part"]: part for part in onnx("doctor", "--json").lines}["model fetch"]
    assert not after["ok"]
    assert not after["required"]
    for part in (
        "consecutive failures: 1",
        "TensorFlow Hub at 20",
        "Kaggle Models at 20",
        "no network",
        "next attempt at",
    ):
        assert part in after["detail"]
    assert "tintype model fetch" in after["remedy"]


def test_doctor_reports_that_fetching_is_not_needed(onnx: Tintype, tmp_path: Path) -> None:
    onnx("model", "install", tiny_model(tmp_path / "tiny.onnx"))
    found = {part["part"]: part for part in onnx("doctor", "--json").lines}["model fetch"]
    assert (found["ok"], "not needed" in found["detail"]) == (True, True)
