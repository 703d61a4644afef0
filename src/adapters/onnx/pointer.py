"""The pointer to the current model: a small file that names its weights."""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from adapters.filesystem.durable import write_durably
from domain.vision import Installer, UnusableModel


@dataclass(frozen=True, slots=True)
class Pointer:
    """The SHA-256 of the current and of the previous weights, and who installed the current ones. Files older than the
    default model name no installer: an operator installed those."""

    current: str
    previous: str | None = None
    installer: Installer = Installer.OPERATOR

    @classmethod
    def successor(cls, before: "Pointer | None", sha256: str, installer: Installer) -> "Pointer":
        """The pointer after `installer` has made these weights current."""
        if before is None:
            return cls(sha256, installer=installer)
        if before.current == sha256:
            return replace(before, installer=installer)
        return cls(sha256, before.current, installer)


def read_pointer(path: Path) -> Pointer | None:
    """None if the file is missing. Raises `UnusableModel` if it is damaged."""
    try:
        content = json.loads(path.read_bytes())
        return Pointer(**{**content, "installer": Installer(content.get("installer", Installer.OPERATOR))})
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, AttributeError) as fault:
        raise UnusableModel(f"{path} is damaged; remove it and install the model again") from fault


def write_pointer(path: Path, pointer: Pointer) -> None:
    write_durably(path, json.dumps(asdict(pointer)).encode())
