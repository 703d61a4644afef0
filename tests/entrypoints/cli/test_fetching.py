"""`tintype model fetch`, and what `tintype doctor` says of fetching."""

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


def test_a_round_that_fails_is_unavailable_and_names_each_source() -> None:
    ran = Tintype(memory_container())("model", "fetch")
    assert ran.code == 5
    for name in ("TensorFlow Hub: there is no network", "Kaggle Models: there is no network"):
        assert name in ran.err
    assert "Downloading from TensorFlow Hub …" in ran.err


def test_a_fetched_model_is_the_operator_s_and_replaces_any(tmp_path: Path) -> None:
    container = memory_container(downloader=MemoryModelDownloader({KAGGLE.url: b"a graph"}))
    tintype = Tintype(container)
    (tmp_path / "own.onnx").write_bytes(IR_VERSION)
    assert tintype("model", "install", tmp_path / "own.onnx").code == 0
    ran = tintype("model", "fetch", "--json")
    assert ran.code == 0, ran.err
    assert container.model_store().installer() is Installer.OPERATOR
    [line] = tintype("model", "info", "--json").lines
    assert line["manifest"]["source"]["url"] == KAGGLE.address


def test_one_address_is_converted_after_its_download() -> None:
    container = memory_container(downloader=MemoryModelDownloader({"https://example.org/a.tar.gz": b"a graph"}))
    ran = Tintype(container)("model", "convert", "https://example.org/a.tar.gz")
    assert (ran.code, "is installed" in ran.out) == (0, True)
    assert "Downloading from example.org/a.tar.gz …" in ran.err


def test_an_address_that_is_none_is_refused() -> None:
    assert Tintype(memory_container())("model", "convert", "ftp://example.org/a").code == 4


@pytest.fixture
def onnx(tmp_path: Path) -> Tintype:
    """A world that has a home; nobody can be asked there."""
    home = {"classifier": "onnx", "home": tmp_path, "fetches": True}
    return Tintype(memory_container(config=home, downloader=MemoryModelDownloader()))


def test_the_doctor_tells_of_failed_rounds_and_of_the_next(onnx: Tintype) -> None:
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


def test_the_doctor_tells_that_nothing_is_needed(onnx: Tintype, tmp_path: Path) -> None:
    onnx("model", "install", tiny_model(tmp_path / "tiny.onnx"))
    found = {part["part"]: part for part in onnx("doctor", "--json").lines}["model fetch"]
    assert (found["ok"], "not needed" in found["detail"]) == (True, True)
