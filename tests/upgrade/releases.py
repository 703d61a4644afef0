"""The release before this one, from the repository's tags."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


def previous_tag() -> str:
    """Return the newest tag of a release below this commit. Fails the test where there is none."""
    found = _git("describe", "--tags", "--abbrev=0", "--match", "v*", "HEAD^")
    if found.returncode:
        pytest.fail(f"the tag of the release before is missing; git fetch --tags --unshallow ({found.stderr.strip()})")
    return found.stdout.strip()


def unpack(tag: str, folder: Path) -> Path:
    """Write the program of this release to `folder`, and return its launcher. It runs in this environment."""
    archive = subprocess.run(
        ["git", "archive", tag, "src", "migrations"],  # noqa: S607
        cwd=REPOSITORY,
        capture_output=True,
        check=True,
    ).stdout
    subprocess.run(["tar", "-x", "-C", folder], input=archive, check=True)  # noqa: S607
    launcher = folder / "tintype"
    launcher.write_text(
        f"#!{sys.executable} -P\n"
        "import sys\n"
        f"sys.path.insert(0, {str(folder / 'src')!r})\n"
        "from entrypoints.cli.__main__ import main\n"
        "if __name__ == '__main__':\n"
        "    sys.exit(main())\n"
    )
    launcher.chmod(launcher.stat().st_mode | stat.S_IXUSR)
    return launcher


def _git(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["git", *arguments]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
