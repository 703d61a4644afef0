"""The cost and the content of `tintype --help`."""

import subprocess
import sys
from pathlib import Path

import typer

from entrypoints.cli.app import app

SRC = Path(__file__).resolve().parents[3] / "src"
HEAVY = {
    "container",
    "dependency_injector",
    "sqlalchemy",
    "pydantic",
    "fastapi",
    "granian",
    "structlog",
    "rich",
    "PIL",
    "domain",
}


def test_help_imports_only_typer() -> None:
    script = (
        "import contextlib, io, sys\n"
        "from entrypoints.cli.__main__ import main\n"
        "with contextlib.redirect_stdout(io.StringIO()):\n"
        "    assert main(['--help']) == 0\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-P", "-c", script], env={"PYTHONPATH": str(SRC)}, capture_output=True, text=True, check=True
    )
    loaded = set(ran.stdout.split())
    assert "typer" in loaded
    assert not loaded & HEAVY


def test_help_lists_all_commands_with_sentences() -> None:
    command = typer.main.get_command(app)
    shown = command.get_help(command.make_context("tintype", [], resilient_parsing=True))
    listed = {line.split()[0] for line in shown.splitlines() if line.startswith("  ") and line.strip()}
    assert {
        *("serve", "worker", "inference", "doctor", "db", "counters", "jobs", "model", "user"),
        *("post", "show", "like", "unlike", "follow", "unfollow", "comment", "feed", "top", "trending", "import"),
        *("search", "similar", "bench"),
        *("classify", "caption"),
    } <= listed
    assert not [line for line in shown.splitlines() if line.startswith("  ") and line.endswith("...")]
