"""The contract of `ModelPackages`: a model moves from one machine to another with all that belongs to it."""

from abc import abstractmethod
from pathlib import Path

import pytest

from domain.blobs import BlobKey
from domain.vision import Installer, ModelMissing, ModelStore, UnusableModel
from domain.vision.desired_model import InstalledModel, ModelPackages
from tests.models import tiny_model

Machine = tuple[ModelStore, ModelPackages]


class ModelPackagesContract:
    @abstractmethod
    def new_machine(self, folder: Path) -> Machine:
        """An empty store and its packages."""

    @pytest.fixture
    def first(self, tmp_path: Path) -> Machine:
        return self.new_machine(tmp_path / "first")

    @pytest.fixture
    def second(self, tmp_path: Path) -> Machine:
        return self.new_machine(tmp_path / "second")

    @pytest.fixture
    def weights(self, tmp_path: Path) -> Path:
        return tiny_model(tmp_path / "weights.onnx", gain=10)

    def test_machine_without_model_has_nothing_to_pack(self, first: Machine) -> None:
        _, packages = first

        assert packages.installed() is None
        with pytest.raises(ModelMissing):
            packages.pack()

    def test_packed_model_is_equal_on_other_machine(self, first: Machine, second: Machine, weights: Path) -> None:
        (models, packages), (other_models, other) = first, second
        model = models.install(weights, {"name": "somenet", "licence": "MIT"}, Installer.FETCH)
        models.save_temperature(model, 0.7)
        data = packages.pack()
        key = BlobKey.of(data)

        unpacked = other.unpack(data, key, model.version, Installer.FETCH)

        assert unpacked == models.current() == other_models.current()
        assert (unpacked.name, unpacked.licence, unpacked.temperature) == ("somenet", "MIT", 0.7)
        assert other_models.installer() is Installer.FETCH
        assert other.installed() == InstalledModel(Installer.FETCH, key, is_changed=False)
        assert other.pack() == data, "equal models make equal files"

    def test_changes_after_synchronization_are_noticed(self, first: Machine, weights: Path, tmp_path: Path) -> None:
        models, packages = first
        model = models.install(weights, installer=Installer.DEFAULT)
        assert packages.installed() == InstalledModel(Installer.DEFAULT, None, is_changed=True)
        key = BlobKey.of(packages.pack())
        packages.mark_synchronized(key, model.version)
        assert packages.installed() == InstalledModel(Installer.DEFAULT, key, is_changed=False)

        models.save_temperature(model, 0.7)
        assert packages.installed() == InstalledModel(Installer.DEFAULT, key, is_changed=True)

        packages.mark_synchronized(key, model.version)
        models.install(tiny_model(tmp_path / "other.onnx", gain=20))
        assert packages.installed() == InstalledModel(Installer.OPERATOR, key, is_changed=True)

    def test_replaced_model_can_be_restored(
        self, first: Machine, second: Machine, weights: Path, tmp_path: Path
    ) -> None:
        (models, packages), (other_models, other) = first, second
        models.install(weights)
        before = other_models.install(tiny_model(tmp_path / "other.onnx", gain=20))

        model = other.unpack(packages.pack(), BlobKey.of(packages.pack()), "any", Installer.OPERATOR)

        assert other_models.current() == model
        assert other_models.rollback() == before

    def test_damaged_file_is_refused(self, first: Machine, weights: Path) -> None:
        models, packages = first
        before = models.install(weights)

        with pytest.raises(UnusableModel):
            packages.unpack(packages.pack()[:-40], BlobKey.of(b""), "any", Installer.OPERATOR)
        assert models.current() == before
