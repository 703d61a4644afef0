from pathlib import Path

from adapters.onnx.model_packages import OnnxModelPackages
from adapters.onnx.models import OnnxModelStore
from domain.blobs import BlobKey
from domain.vision import Installer
from tests.contracts.model_packages import Machine, ModelPackagesContract
from tests.models import new_classifier, tiny_model


class TestOnnxModelPackages(ModelPackagesContract):
    def new_machine(self, folder: Path) -> Machine:
        models = OnnxModelStore(folder)
        return models, OnnxModelPackages(models)

    async def test_running_classifier_uses_unpacked_model(self, tmp_path: Path) -> None:
        models, packages = OnnxModelStore(tmp_path / "first"), OnnxModelPackages(OnnxModelStore(tmp_path / "first"))
        other_models = OnnxModelStore(tmp_path / "second")
        model = models.install(tiny_model(tmp_path / "new.onnx", gain=30))
        models.save_temperature(model, 0.7)
        other_models.install(tiny_model(tmp_path / "old.onnx", gain=10))
        classifier = new_classifier(other_models)
        assert await classifier.model() != await new_classifier(models).model()

        data = packages.pack()
        OnnxModelPackages(other_models).unpack(data, BlobKey.of(data), model.version, Installer.OPERATOR)

        assert await classifier.model() == await new_classifier(models).model()

    async def test_quantized_form_is_run_only_where_it_is_desired(self, tmp_path: Path) -> None:
        first, second = OnnxModelStore(tmp_path / "first"), OnnxModelStore(tmp_path / "second")
        model = first.install(tiny_model(tmp_path / "new.onnx"))
        int8 = first.save_int8(model, tiny_model(tmp_path / "int8.onnx", gain=19, embedding=True).read_bytes(), {})
        data = OnnxModelPackages(first).pack()
        for version in (model.version, int8.version, model.version):
            OnnxModelPackages(second).unpack(data, BlobKey.of(data), version, Installer.OPERATOR)
            running = await new_classifier(second).model()
            assert running is not None
            assert running.version == version
