"""The contract of `ModelConverter`."""

from abc import abstractmethod
from pathlib import Path

import pytest

from domain.vision import UnusableModel
from domain.vision.conversion import ModelConverter


def ignore_progress(_sentence: str) -> None:
    """Discards progress messages."""


class ModelConverterContract:
    @pytest.fixture
    @abstractmethod
    def converter(self) -> ModelConverter:
        """A usable converter."""

    @pytest.fixture
    @abstractmethod
    def module(self) -> Path:
        """A folder that it can convert."""

    def test_file_exists_within_context(self, converter: ModelConverter, module: Path) -> None:
        with converter.convert(module, [], ignore_progress) as converted:
            assert converted.path.suffix == ".onnx"
            assert converted.path.stat().st_size
        assert not converted.path.exists()

    def test_model_states_origin(self, converter: ModelConverter, module: Path) -> None:
        with converter.convert(module, [], ignore_progress) as converted:
            source = converted.provenance["source"]
        assert isinstance(source, dict)
        assert source["module"] == str(module)
        assert len(source["sha256"]) == 64

    def test_progress_is_reported(self, converter: ModelConverter, module: Path) -> None:
        reports: list[str] = []
        with converter.convert(module, [], reports.append):
            assert any(str(module) in sentence for sentence in reports)

    def test_folder_without_module_is_refused(self, converter: ModelConverter, tmp_path: Path) -> None:
        with pytest.raises(UnusableModel, match=r"saved_model\.pb"), converter.convert(tmp_path, [], ignore_progress):
            pass

    def test_check_passes(self, converter: ModelConverter) -> None:
        converter.check()
