"""The server's log: one file, emptied when it has grown large, and the reason of a failure in it."""

import os
import re

from adapters.embedded.paths import ClusterPaths, open_file

_MAX_BYTES = 1024 * 1024
_READ_BYTES = 16 * 1024
# "2026-11-23 08:56:47.473 UTC [6167] FATAL:  …" from the server, "initdb: error: …" from a program.
_SEVERE = re.compile(r"\b(?:ERROR|FATAL|PANIC|error): +(?P<reason>.+)")


def open_log(paths: ClusterPaths) -> int:
    """A descriptor that appends to the log. A large log is emptied first."""
    descriptor = open_file(paths.log, os.O_WRONLY | os.O_APPEND)
    if os.fstat(descriptor).st_size > _MAX_BYTES:
        os.ftruncate(descriptor, 0)
    return descriptor


def last_reason(paths: ClusterPaths) -> str:
    """The server's last error message; empty if there is none."""
    with paths.log.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - _READ_BYTES))
        return reasons_in(file.read().decode(errors="replace"))[-1]


def reasons_in(output: str) -> list[str]:
    """The error messages in `output`, without trailing periods; without any, the last line, which may be empty."""
    lines = [line.strip().removesuffix(".") for line in output.splitlines() if line.strip()]
    severe = [match["reason"] for line in lines if (match := _SEVERE.search(line))]
    return severe or lines[-1:] or [""]
