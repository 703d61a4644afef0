"""Reading the files a command is given."""

import asyncio
from pathlib import Path

from entrypoints.cli.errors import FileMissing, NotAFile


async def read(path: Path) -> bytes:
    """The file's bytes. Raises `FileMissing`, `NotAFile`, `OSError`."""
    return await asyncio.to_thread(_read, path)


def _read(path: Path) -> bytes:
    if path.is_dir():
        raise NotAFile("is a folder; name the files in it, or bring it in with `tintype import`")
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise FileMissing("there is no such file") from None
