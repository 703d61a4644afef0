"""The contract of `ModelStore`."""

from abc import abstractmethod
from dataclasses import replace
from pathlib import Path

import pytest

from domain.vision import UNKNOWN, Installer, Model, ModelMissing, ModelStore, UnusableModel
from tests.models import tiny_model


class ModelStoreContract:
    @pytest.fixture
    @abstractmethod
    def models(self, tmp_path: Path) -> ModelStore:
        """An empty store."""

    @pytest.fixture
    def first(self, tmp_path: Path) -> Path:
        return tiny_model(tmp_path / "first.onnx", gain=10)

    @pytest.fixture
    def second(self, tmp_path: Path) -> Path:
        return tiny_model(tmp_path / "second.onnx", gain=20)

    def test_store_is_empty_at_first(self, models: ModelStore) -> None:
        assert models.current() is None
        with pytest.raises(UnusableModel):
            models.rollback()

    def test_installed_model_is_current(self, models: ModelStore, first: Path, second: Path) -> None:
        assert models.install(first) == models.current()
        assert models.install(second) == models.current()
        assert models.install(first).version != models.install(second).version

    def test_rollback_restores_previous_model(self, models: ModelStore, first: Path, second: Path) -> None:
        before = models.install(first)
        models.install(second)
        assert models.rollback() == before == models.current()

    def test_repeated_installation_changes_nothing(self, models: ModelStore, first: Path, second: Path) -> None:
        before = models.install(first)
        assert models.install(second) == models.install(second)
        assert models.rollback() == before

    def test_provenance_is_stored(self, models: ModelStore, first: Path, second: Path) -> None:
        assert models.manifest() is None
        models.install(first, {"source": {"module": "a"}})
        models.install(second, {"source": {"module": "b"}})
        assert (models.manifest() or {})["source"] == {"module": "b"}
        models.rollback()
        assert (models.manifest() or {})["source"] == {"module": "a"}

    def test_refused_file_keeps_current_model(self, models: ModelStore, first: Path, tmp_path: Path) -> None:
        before = models.install(first)
        (tmp_path / "bad.onnx").write_bytes(b"no model at all")
        with pytest.raises(UnusableModel):
            models.install(tmp_path / "bad.onnx")
        with pytest.raises(UnusableModel, match="absent"):
            models.install(tmp_path / "absent.onnx")
        assert models.current() == before

    def test_temperature_is_stored_with_model(self, models: ModelStore, first: Path, second: Path) -> None:
        with pytest.raises(ModelMissing):
            models.save_temperature(Model("m", "1", ""), 0.7)
        plain = models.install(first)
        assert plain.temperature == 1.0

        assert models.save_temperature(plain, 0.7) == models.current()
        assert models.install(first).temperature == 0.7
        other = models.install(second)
        assert other.temperature == 1.0
        with pytest.raises(UnusableModel, match="not the installed model"):
            models.save_temperature(plain, 0.8)
        assert models.rollback().temperature == 0.7
        assert models.save_temperature(replace(plain, device="cpu"), 1.5).temperature == 1.5

    def test_model_description_comes_from_provenance(self, models: ModelStore, first: Path, second: Path) -> None:
        named = models.install(first, {"name": "somenet", "licence": "MIT"})
        assert (named.name, named.licence) == ("somenet", "MIT")
        assert str(models.current()) == f"somenet@{named.version}"
        assert models.install(second).licence == UNKNOWN
        assert models.rollback().name == "somenet"

    def test_program_does_not_replace_operators_model(self, models: ModelStore, first: Path, second: Path) -> None:
        assert models.installer() is None
        default = models.install(first, installer=Installer.DEFAULT)
        assert models.installer() is Installer.DEFAULT
        fetched = models.install(second, installer=Installer.FETCH)
        assert (models.current(), models.installer()) == (fetched, Installer.FETCH)
        assert models.install(first, installer=Installer.DEFAULT) == fetched

        assert models.rollback() == default
        assert models.installer() is Installer.OPERATOR, "a rollback is a choice too"
        assert models.install(second, installer=Installer.FETCH) == default == models.current()

        assert models.install(second) == fetched == models.current()
        assert models.install(first, installer=Installer.DEFAULT) == fetched

    def test_operator_can_confirm_default_model(self, models: ModelStore, first: Path, second: Path) -> None:
        default = models.install(first, installer=Installer.DEFAULT)
        assert models.install(first) == default
        assert models.installer() is Installer.OPERATOR
        assert models.install(second, installer=Installer.FETCH) == default
