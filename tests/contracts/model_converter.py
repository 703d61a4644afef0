"""What every `ModelConverter` promises."""

from abc import abstractmethod
from pathlib import Path

import pytest

from domain.vision import UnusableModel
from domain.vision.conversion import ModelConverter


def ignore_progress(_sentence: str) -> None:
    """Nobody listens."""


class ModelConverterContract:
    @pytest.fixture
    @abstractmethod
    def converter(self) -> ModelConverter:
        """One that can be used."""

    @pytest.fixture
    @abstractmethod
    def module(self) -> Path:
        """A folder that it can convert."""

    def test_makes_a_file_that_lives_as_long_as_the_block(self, converter: ModelConverter, module: Path) -> None:
        with converter.convert(module, [], ignore_progress) as converted:
            assert converted.path.suffix == ".onnx"
            assert converted.path.stat().st_size
        assert not converted.path.exists()

    def test_says_where_it_comes_from(self, converter: ModelConverter, module: Path) -> None:
        with converter.convert(module, [], ignore_progress) as converted:
            source = converted.provenance["source"]
        assert isinstance(source, dict)
        assert source["module"] == str(module)
        assert len(source["sha256"]) == 64

    def test_tells_what_it_does(self, converter: ModelConverter, module: Path) -> None:
        reports: list[str] = []
        with converter.convert(module, [], reports.append):
            assert any(str(module) in sentence for sentence in reports)

    def test_refuses_a_folder_without_a_module(self, converter: ModelConverter, tmp_path: Path) -> None:
        with pytest.raises(UnusableModel, match=r"saved_model\.pb"), converter.convert(tmp_path, [], ignore_progress):
            pass

    def test_says_that_it_can_convert(self, converter: ModelConverter) -> None:
        converter.check()
