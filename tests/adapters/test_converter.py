"""Failures of a conversion before TensorFlow starts."""

from pathlib import Path

import pytest

from adapters.tensorflow.converter import TensorFlowModelConverter
from domain.errors import DomainError, Unavailable
from domain.vision import UnusableModel
from tests.contracts.model_converter import ignore_progress
from tests.decoders import POOL

FAILS = "import sys; print('Making it.'); sys.exit('The packages could not be installed.')"
MAKES = """
from pathlib import Path

python = Path(__file__).parents[1] / ".venv-convert" / "bin" / "python"
python.parent.mkdir(parents=True)
python.write_text("#!/bin/sh\\n{commands}\\n")
python.chmod(0o755)
"""
"""A `bin/setup.py` whose Python does other things than asked."""


@pytest.fixture
def module(tmp_path: Path) -> Path:
    folder = tmp_path / "module"
    folder.mkdir()
    (folder / "saved_model.pb").write_bytes(b"a graph")
    return folder


def a_checkout(folder: Path, setup: str) -> Path:
    (folder / "bin").mkdir()
    (folder / "bin" / "setup.py").write_text(setup)
    return folder


def fault(checkout: Path | None, module: Path, said: list[str] | None = None) -> DomainError:
    converter = TensorFlowModelConverter(checkout, POOL)
    say = ignore_progress if said is None else said.append
    with pytest.raises(DomainError) as raised, converter.convert(module, [], say):
        pass
    return raised.value


def test_installed_program_cannot_convert(module: Path) -> None:
    with pytest.raises(Unavailable, match="only a checkout"):
        TensorFlowModelConverter(None, POOL).check()
    assert "only a checkout" in fault(None, module).detail


def test_full_disk_is_reported_before_setup(tmp_path: Path) -> None:
    checkout = a_checkout(tmp_path, FAILS)
    with pytest.raises(Unavailable, match=r"needs 1000000000.0 GB, but only"):
        TensorFlowModelConverter(checkout, POOL, space=10**18).check()


def test_failed_setup_states_reason(tmp_path: Path, module: Path) -> None:
    said: list[str] = []
    found = fault(a_checkout(tmp_path, FAILS), module, said)
    assert isinstance(found, Unavailable)
    assert "The packages could not be installed." in found.detail
    assert said == [
        "preparing .venv-convert with TensorFlow: 350 MB to download, 1.6 GB on the disk",
        "Making it.",
        "The packages could not be installed.",
    ]


def test_killed_conversion_is_unavailable(tmp_path: Path, module: Path) -> None:
    found = fault(a_checkout(tmp_path, MAKES.format(commands="kill -9 $$")), module)
    assert isinstance(found, Unavailable)
    assert "signal 9" in found.detail


def test_failed_conversion_is_unusable_model(tmp_path: Path, module: Path) -> None:
    found = fault(a_checkout(tmp_path, MAKES.format(commands="echo 'error: ten classes only' >&2; exit 1")), module)
    assert isinstance(found, UnusableModel)
    assert found.detail == "ten classes only"
