"""Runs pg_dump and pg_restore on a database."""

import asyncio
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, TypeAlias
from urllib.parse import unquote, urlsplit, urlunsplit

from adapters.postgres.errors import DatabaseUnavailable

Stream: TypeAlias = IO[bytes] | int
FindProgram: TypeAlias = Callable[[str, int], Path]
"""Returns a program by its name, if it is as new as the server's major version."""
MAX_LINE = 4 * 1024 * 1024
_FAULT = re.compile(r"error: (.*)")


async def run_program(
    command: Sequence[str | Path], environment: dict[str, str], stdin: Stream, stdout: Stream
) -> None:
    """Run the program to its end. Raises `DatabaseUnavailable` with its first error."""
    process = await start_program(command, environment, stdin, stdout)
    try:
        _, report = await process.communicate()
    except BaseException:
        process.kill()
        await process.wait()
        raise
    require_success(command, process.returncode, report)


async def start_program(
    command: Sequence[str | Path], environment: dict[str, str], stdin: Stream, stdout: Stream
) -> asyncio.subprocess.Process:
    """Start a program, whose lines are at most `MAX_LINE` bytes long."""
    return await asyncio.create_subprocess_exec(
        *command,
        stdin=stdin,
        stdout=stdout,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, **environment},
        limit=MAX_LINE,
    )


def require_success(command: Sequence[str | Path], code: int | None, report: bytes) -> None:
    if code:
        text = report.decode(errors="replace")
        reason = _FAULT.search(text)
        name = Path(command[0]).name
        raise DatabaseUnavailable(f"{name} failed: {reason[1] if reason else text.strip() or f'exit code {code}'}")


def split_password(url: str) -> tuple[str, dict[str, str]]:
    """Return the address without its password, and the password for the environment: other users see arguments."""
    parts = urlsplit(url)
    user, _, hosts = parts.netloc.rpartition("@")
    name, _, password = user.partition(":")
    netloc = f"{name}@{hosts}" if name else hosts
    return urlunsplit(parts._replace(netloc=netloc)), {"PGPASSWORD": unquote(password)} if password else {}
