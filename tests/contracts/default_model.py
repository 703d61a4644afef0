"""The contract of `DefaultModel`."""

from abc import abstractmethod
from pathlib import Path

import pytest

from domain.vision import Installer, ModelStore
from domain.vision.default_model import DefaultModel


class DefaultModelContract:
    @pytest.fixture
    @abstractmethod
    def default(self) -> DefaultModel:
        """The adapter under test."""

    @pytest.fixture
    @abstractmethod
    def models(self, tmp_path: Path) -> ModelStore:
        """An empty store that accepts the model that `default` builds."""

    def test_file_exists_within_context(self, default: DefaultModel) -> None:
        with default.build() as built:
            assert built.path.is_file()
        assert not built.path.exists()

    def test_build_is_reproducible(self, default: DefaultModel) -> None:
        with default.build() as first, default.build() as second:
            assert first.path != second.path
            assert first.path.read_bytes() == second.path.read_bytes()

    def test_model_can_be_installed_and_is_described(self, default: DefaultModel, models: ModelStore) -> None:
        with default.build() as built:
            model = models.install(built.path, built.provenance, Installer.DEFAULT)
        assert model == models.current()
        assert model.name == built.provenance["name"]
        assert model.licence == built.provenance["licence"]
        assert models.installer() is Installer.DEFAULT
