"""Folders for temporary files, and for short paths."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from adapters.embedded.runner import Runner


def temporary_folders(runner: Runner) -> Iterator[Path]:
    """The temporary folders that the server's user can enter. TMPDIR may be in a closed folder."""
    candidates = [tempfile.gettempdir(), "/tmp", "/var/tmp"]  # noqa: S108  (the files made there are private)
    for folder in dict.fromkeys(Path(candidate).resolve() for candidate in candidates):
        if runner.can_enter(folder):
            yield folder
