import json

from adapters.memory.models import MemoryModelStore
from domain.blobs import BlobKey
from domain.vision import Installer, Model, ModelMissing, UnusableModel
from domain.vision.desired_model import InstalledModel, ModelPackages


class MemoryModelPackages(ModelPackages):
    def __init__(self, models: MemoryModelStore) -> None:
        self._models = models
        self._synchronized: tuple[BlobKey, str] | None = None

    def installed(self) -> InstalledModel | None:
        installer = self._models.installer()
        if installer is None:
            return None
        file, state = self._synchronized or (None, "")
        return InstalledModel(installer, file, is_changed=state != self._state())

    def pack(self) -> bytes:
        model = self._models.current()
        if model is None:
            raise ModelMissing("no model is installed; install one with `tintype model install PATH`", retry_after=30)
        manifest = dict(self._models.manifest() or {})
        return json.dumps([model.name, model.version, model.temperature, manifest]).encode()

    def unpack(self, data: bytes, file: BlobKey, version: str, installer: Installer) -> Model:
        try:
            name, stored, temperature, manifest = json.loads(data)
        except ValueError as error:
            raise UnusableModel(f"the file of the model is damaged ({error}); install the model again") from error
        model = self._models.restore(Model(name, stored, "", temperature), manifest, installer)
        self.mark_synchronized(file, version)
        return model

    def mark_synchronized(self, file: BlobKey, version: str) -> None:  # noqa: ARG002 — there is one form
        self._synchronized = file, self._state()

    def _state(self) -> str:
        return f"{self._models.installer()} {self.pack().decode()}"
