"""Reads the files of a command."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from entrypoints.cli.errors import FileMissing, Unreadable


async def read_file(path: Path) -> bytes:
    """The content of the file. Raises `FileMissing`, `Unreadable`."""
    return await asyncio.to_thread(_read_bytes, path)


def file_size(path: Path) -> int:
    """The size of the file in bytes. Raises the errors of `read_file`."""
    with _translate_errors():
        return path.stat().st_size


def _read_bytes(path: Path) -> bytes:
    if path.is_dir():
        raise Unreadable("is a folder; give the files in it, or use `tintype import`")
    with _translate_errors():
        return path.read_bytes()


@contextmanager
def _translate_errors() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise FileMissing("the file does not exist") from None
    except OSError as error:
        raise Unreadable(f"cannot be read: {(error.strerror or str(error)).lower()}") from error
