"""Reads the files given to a command."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from entrypoints.cli.errors import FileMissing, Unreadable


async def read_file(path: Path) -> bytes:
    """The file's bytes. Raises `FileMissing`, `Unreadable`."""
    return await asyncio.to_thread(_read_bytes, path)


def file_size(path: Path) -> int:
    """The file's bytes, counted. Raises like `read`."""
    with _translate_errors():
        return path.stat().st_size


def _read_bytes(path: Path) -> bytes:
    if path.is_dir():
        raise Unreadable("is a folder; name the files in it, or bring it in with `tintype import`")
    with _translate_errors():
        return path.read_bytes()


@contextmanager
def _translate_errors() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise FileMissing("there is no such file") from None
    except OSError as error:
        raise Unreadable(f"cannot be read: {(error.strerror or str(error)).lower()}") from error
