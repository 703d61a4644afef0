"""Archives as model hubs deliver them, and invalid ones."""

import gzip
import io
import tarfile
from collections.abc import Mapping
from pathlib import Path

GRAPH = {"saved_model.pb": b"a graph", "variables/variables.index": b"an index"}


def a_tar(files: Mapping[str, bytes] | None = None, *extra: tarfile.TarInfo) -> bytes:
    """An archive of a SavedModel, or of these files. `extra` members have no content."""
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w") as tar:
        for name, content in (GRAPH if files is None else files).items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
        for member in extra:
            tar.addfile(member)
    return whole.getvalue()


def an_archive(files: Mapping[str, bytes] | None = None, *extra: tarfile.TarInfo) -> bytes:
    return gzip.compress(a_tar(files, *extra), mtime=0)


def archive_folder(folder: Path) -> bytes:
    """The .tar.gz of a folder, in the form of TensorFlow Hub."""
    return an_archive(
        {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    )


def a_link(name: str, target: str, kind: bytes = tarfile.SYMTYPE) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    return member
