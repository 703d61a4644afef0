"""A model in one file: its folder as an archive. Equal models make equal files."""

import io
from collections.abc import Mapping
from pathlib import Path
from zipfile import BadZipFile, ZipFile, ZipInfo

from domain.vision import UnusableModel

MEMBERS = ("manifest.json", "model.onnx", "calibration.json", "model.int8.onnx")
REQUIRED = frozenset(MEMBERS[:2])


def pack_folder(folder: Path) -> bytes:
    """Return the archive of a model's folder. It is not compressed: weights hardly shrink."""
    buffer = io.BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name in MEMBERS:
            if (folder / name).is_file():
                archive.writestr(ZipInfo(name), (folder / name).read_bytes())  # with a constant date
    return buffer.getvalue()


def unpack_members(data: bytes) -> Mapping[str, bytes]:
    """Return the files of an archive by name. Raises `UnusableModel`."""
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            members = {name: archive.read(name) for name in MEMBERS if name in archive.namelist()}
    except (BadZipFile, OSError, EOFError) as fault:
        raise UnusableModel(
            f"the file of the deployment's model is damaged ({fault}); install the model again"
        ) from fault
    if not members.keys() >= REQUIRED:
        raise UnusableModel("the file of the deployment's model is incomplete; install the model again")
    return members
