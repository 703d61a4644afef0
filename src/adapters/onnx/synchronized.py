"""What the installed model was last equal to: `models/deployment.json`. The pointer to the current model stays as
earlier versions of this program read it."""

import json
from dataclasses import asdict, dataclass

from adapters.filesystem.durable import write_durably
from adapters.onnx.device import Precision
from adapters.onnx.models import INT8, OnnxModelStore

_FILE = "deployment.json"


@dataclass(frozen=True, slots=True)
class Synchronized:
    """The desired file, the version to run, and the state of the store (`OnnxModelStore.state`) at that time."""

    file: str
    version: str
    state: str


def read_synchronized(models: OnnxModelStore) -> Synchronized | None:
    """None if the file is missing or damaged: the model then counts as never compared."""
    try:
        return Synchronized(**json.loads((models.folder / _FILE).read_bytes()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def write_synchronized(models: OnnxModelStore, synchronized: Synchronized) -> None:
    write_durably(models.folder / _FILE, json.dumps(asdict(synchronized)).encode())


def desired_precision(models: OnnxModelStore) -> Precision | None:
    """The precision of the deployment's model; None if the current model is not that one."""
    known = read_synchronized(models)
    if known is None or known.state != models.state():
        return None
    return "int8" if known.version.endswith(INT8) else "fp32"
