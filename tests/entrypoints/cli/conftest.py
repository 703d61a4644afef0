import asyncio
import contextlib
import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from container import Container
from domain.users import ProfileChanges
from entrypoints.cli.__main__ import main
from tests.containers import memory_container

PASSWORD = "correct horse"


@dataclass(frozen=True)
class RunResult:
    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The objects that `--json` printed."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def problem(self) -> dict[str, Any]:
        """The problem object that `--json` printed on stderr."""
        (line,) = self.err.splitlines()
        found: dict[str, Any] = json.loads(line)
        return found


@dataclass
class Tintype:
    """The command line with a memory container, in this process."""

    container: Container

    def __call__(self, *arguments: object, stdin: str = "") -> RunResult:
        out, err, usual = io.StringIO(), io.StringIO(), sys.stdin
        sys.stdin = io.StringIO(stdin)
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = main([str(argument) for argument in arguments], lambda: self.container)
        finally:
            sys.stdin = usual
        return RunResult(code, out.getvalue(), err.getvalue())

    def sign_up(self, *names: str) -> None:
        for name in names:
            ran = self("user", "add", name, "--email", f"{name}@example.org", "--password-stdin", stdin=PASSWORD)
            assert ran.code == 0, ran.err

    def publish(self, name: str, image: Path, text: str = "") -> str:
        """The id of a new post of NAME."""
        ran = self("post", image, "--as", name, "--text", text, "--json")
        assert ran.code == 0, ran.err
        return str(ran.lines[0]["id"])

    def turn_private(self, name: str) -> None:
        """Make NAME's account private."""

        async def turn() -> None:
            profile = await self.container.accounts().profile(name)
            await self.container.accounts().edit_profile(profile.user.id, ProfileChanges(private=True))

        asyncio.run(turn())

    def understand(self) -> None:
        """Run the due jobs like a worker."""
        asyncio.run(self.container.storage().queue.drain(self.container.job_handler().handle))


@pytest.fixture
def tintype(monkeypatch: pytest.MonkeyPatch) -> Tintype:
    monkeypatch.setenv("COLUMNS", "80")
    return Tintype(memory_container())


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """A folder for images."""
    folder = tmp_path / "images"
    folder.mkdir()
    return folder
