"""Writes a .zip member by member, and JSON lists entry by entry."""

import contextlib
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from domain.errors import Conflict, Invalid

PRIVATE = 0o600
"""The mode of an archive: it contains everything of a user."""


class JsonFile:
    """A JSON object under construction, in a temporary file."""

    def __init__(self) -> None:
        self.file = tempfile.TemporaryFile()  # noqa: SIM115 — closed by `ArchiveWriter.add_json`
        self._separator = "{"

    def add(self, fields: Mapping[str, Any]) -> None:
        """Add fields with their values."""
        for name, value in fields.items():
            self._write(f"{self._separator}\n{json.dumps(name)}: {_dump(value)}")
            self._separator = ","

    @contextmanager
    def entries(self, name: str) -> Iterator["JsonList"]:
        """Add a field with a list, which ends with the block."""
        self._write(f"{self._separator}\n{json.dumps(name)}: [")
        self._separator = ","
        yield JsonList(self)
        self._write("\n]")

    def end(self) -> None:
        self._write("\n}\n")
        self.file.seek(0)

    def _write(self, text: str) -> None:
        self.file.write(text.encode())

    def append(self, value: object, separator: str) -> None:
        self._write(f"{separator}\n{_dump(value)}")


class JsonList:
    def __init__(self, file: JsonFile) -> None:
        self._file = file
        self.count = 0

    def append(self, value: object) -> None:
        self._file.append(value, "," if self.count else "")
        self.count += 1


class ArchiveWriter:
    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, PRIVATE), "w+b"), "w")

    def add_image(self, name: str, content: bytes) -> None:
        """Add a file that cannot be compressed further."""
        self._zip.writestr(name, content, zipfile.ZIP_STORED)

    def add_json(self, name: str, content: JsonFile) -> None:
        """Add a JSON file and close it."""
        content.end()
        entry = zipfile.ZipInfo(name)
        entry.compress_type = zipfile.ZIP_DEFLATED
        with content.file as source, self._zip.open(entry, "w", force_zip64=True) as out:
            shutil.copyfileobj(source, out)

    def finish(self) -> None:
        """Complete the archive on the disk."""
        out = self._zip.fp
        self._zip.close()
        if out is not None:
            out.flush()
            os.fsync(out.fileno())
            out.close()

    def abandon(self) -> None:
        """Close the files of an archive that is not completed."""
        with contextlib.suppress(OSError, ValueError):
            if self._zip.fp is not None:
                self._zip.fp.close()


@contextmanager
def create_archive(path: Path) -> Iterator[ArchiveWriter]:
    """Write an archive that has its name only when it is complete. Raises `Conflict` if the file exists, `Invalid` if
    it cannot be written."""
    if path.exists():
        raise Conflict(f"{path} exists already; name a new file")
    part = path.with_name(f"{path.name}.part")
    try:
        part.unlink(missing_ok=True)  # of an export that was killed
        writer = ArchiveWriter(part)
        try:
            yield writer
            writer.finish()
            part.rename(path)
        except BaseException:
            writer.abandon()
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise Invalid(f"{path} cannot be written: {(error.strerror or str(error)).lower()}") from error


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
