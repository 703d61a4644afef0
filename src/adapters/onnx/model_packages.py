from adapters.filesystem.durable import translate_os_errors
from adapters.onnx.archive import pack_folder, unpack_members
from adapters.onnx.models import NO_MODEL, OnnxModelStore
from adapters.onnx.synchronized import Synchronized, read_synchronized, write_synchronized
from domain.blobs import BlobKey
from domain.vision import Installer, Model, ModelMissing
from domain.vision.desired_model import InstalledModel, ModelPackages


class OnnxModelPackages(ModelPackages):
    def __init__(self, models: OnnxModelStore) -> None:
        self._models = models

    def installed(self) -> InstalledModel | None:
        with translate_os_errors(self._models.folder):
            installer, state = self._models.installer(), self._models.state()
            if installer is None:
                return None
            known = read_synchronized(self._models)
        if known is None:
            return InstalledModel(installer, None, is_changed=True)
        return InstalledModel(installer, BlobKey(known.file), is_changed=known.state != state)

    def pack(self) -> bytes:
        with translate_os_errors(self._models.folder):
            folder = self._models.current_folder()
            if folder is None:
                raise ModelMissing(NO_MODEL, retry_after=30)
            return pack_folder(folder)

    def unpack(self, data: bytes, file: BlobKey, version: str, installer: Installer) -> Model:
        model = self._models.restore(unpack_members(data), installer)
        self.mark_synchronized(file, version)
        self._models.renew_stamp()  # a classifier that loaded the model meanwhile did not know which form to run
        return model

    def mark_synchronized(self, file: BlobKey, version: str) -> None:
        with translate_os_errors(self._models.folder):
            state = self._models.state()
            if state is not None:
                write_synchronized(self._models, Synchronized(file.value, version, state))
