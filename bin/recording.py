"""Record the quick start in a terminal as an asciinema cast (version 2): `make recording`. Uses the standard library
only.

    python3 bin/recording.py PHOTO docs/recordings/quickstart.cast

It starts `tintype serve` in a temporary folder, runs each command in a pseudo-terminal, and records its output. Typing
and reading pauses are added, and waits are limited to one second.
"""

import contextlib
import json
import os
import pty
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path

TINTYPE = Path(__file__).resolve().parent.parent / ".venv" / "bin" / "tintype"
COLUMNS, ROWS = 100, 28
KEYSTROKE, READING, LONGEST_WAIT = 0.04, 1.5, 1.0
"""Seconds between two keystrokes, after a command's output, and at most within the output."""
START, LABEL = 120, 120
"""Time limits in seconds for the start of the service and for the label of the photograph."""
PASSWORD = "correct horse battery\n"  # noqa: S105 — of accounts in a temporary folder


class Recording:
    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._folder, self._environment = folder, environment
        self._time = 0.0
        self.events: list[tuple[float, str, str]] = []

    def run(self, command: str, *, stdin: str = "") -> str:
        """Show `command` as if typed, run it, and record its output."""
        self._print("\x1b[1;32m$\x1b[0m ")
        for letter in command:
            self._print(letter, KEYSTROKE)
        self._print("\r\n", READING / 3)
        output = ""
        before = time.monotonic()
        for text in self._output(command, stdin):
            self._print(text, min(time.monotonic() - before, LONGEST_WAIT))
            before, output = time.monotonic(), output + text
        self._time += READING
        return output

    def is_understood(self, post: str) -> bool:
        """Whether the post's image has a label and a suggested alt text. Not recorded."""
        command = [str(TINTYPE), "show", post, "--as", "ada", "--json"]
        output = subprocess.run(
            command, cwd=self._folder, env=self._environment, capture_output=True, check=True
        ).stdout
        tasks = json.loads(output.splitlines()[0])["images"][0]["understanding"]
        return all(task["state"] == "done" for task in tasks.values())

    def _print(self, text: str, pause: float = 0.0) -> None:
        self._time += pause
        self.events.append((round(self._time, 3), "o", text))

    def _output(self, command: str, stdin: str) -> Iterator[str]:
        parent, child = pty.openpty()
        process = subprocess.Popen(  # noqa: S602 — the commands are constants of this file
            command,
            shell=True,
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=child,
            stderr=child,
        )
        os.close(child)
        with contextlib.suppress(OSError), os.fdopen(parent, "rb", buffering=0) as terminal:
            assert process.stdin is not None  # noqa: S101 — stdin is a pipe
            process.stdin.write(stdin.encode())
            process.stdin.close()
            while chunk := terminal.read(4096):
                yield chunk.decode(errors="replace").replace("\r\n", "\n").replace("\n", "\r\n")
        if process.wait() != 0:
            sys.exit(f"{command} failed with exit code {process.returncode}; the recording was not written")


def main(photo: str, target: str) -> None:
    if not Path(photo).is_file():
        sys.exit(f"{photo or 'PHOTO'} is not a file; give a photograph: make recording PHOTO=photo.jpg")
    with tempfile.TemporaryDirectory(prefix="tintype-recording-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        shutil.copy(photo, folder / "photo.jpg")
        environment = _environment(folder)
        recording = Recording(folder, environment)
        with _serve(folder, environment):
            _record(recording)
    header = {"version": 2, "width": COLUMNS, "height": ROWS, "title": "Tintype: quick start"}
    lines = [json.dumps(each, ensure_ascii=False) for each in [header, *recording.events]]
    Path(target).write_text("\n".join(lines) + "\n")


def _environment(folder: Path) -> dict[str, str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return {
        "PATH": f"{TINTYPE.parent}:{os.environ['PATH']}",
        "HOME": str(folder),
        "TERM": "xterm-256color",
        "COLUMNS": str(COLUMNS),
        "LANG": "C.UTF-8",
        "TINTYPE_HOME": str(folder / "home"),
        "TINTYPE_PORT": str(port),
        "TINTYPE_MODEL_FETCH": "off",
    }


@contextlib.contextmanager
def _serve(folder: Path, environment: dict[str, str]) -> Iterator[None]:
    with (folder / "serve.log").open("wb") as log:
        process = subprocess.Popen([TINTYPE, "serve"], cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        address = f"http://127.0.0.1:{environment['TINTYPE_PORT']}/readyz"
        _wait_until(lambda: urllib.request.urlopen(address, timeout=5).status == HTTPStatus.OK, START)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def _wait_until(done: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(urllib.error.URLError):
            if done():
                return
        time.sleep(0.5)
    sys.exit(f"the program was not ready within {seconds} seconds; run it again on an idle machine")


def _record(recording: Recording) -> None:
    for person in ("ada", "bob"):
        recording.run(f"tintype user add {person} --email {person}@example.org --password-stdin", stdin=PASSWORD)
    published = recording.run('tintype post photo.jpg --as ada --text "Waiting for the ball"')
    match = re.search(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", published)
    if match is None:
        sys.exit(f"`tintype post` printed no post id: {published}")
    post = match[0]
    recording.run("tintype follow ada --as bob")
    recording.run(f"tintype like {post} --as bob")
    _wait_until(lambda: recording.is_understood(post), LABEL)
    recording.run(f"tintype show {post} --as ada")
    recording.run("tintype trending")
    recording.run("tintype counters verify")
    recording.run("tintype classify photo.jpg --top 3")


if __name__ == "__main__":
    main(*sys.argv[1:])
