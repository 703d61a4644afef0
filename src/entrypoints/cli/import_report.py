"""The report of an import: a line of JSON for everything that was left out or changed, and why."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from entrypoints.cli.errors import Unwritable

SKIPPED, CHANGED = "skipped", "changed"


@dataclass
class ImportReport:
    file: IO[str]
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, result: str, entry: str, *reasons: str) -> None:
        """Add an entry with the reasons why it was skipped or changed."""
        self.counts[result] += 1
        line = {"result": result, "entry": entry, "reasons": list(reasons)}
        self.file.write(json.dumps(line, ensure_ascii=False) + "\n")


@contextmanager
def open_report(path: Path) -> Iterator[ImportReport]:
    """Write a report until the block ends; it replaces that of an earlier import. Raises `Unwritable`."""
    try:
        file = path.open("w", encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        remedy = "name another file with --report"
        raise Unwritable(f"{path} cannot be written: {(error.strerror or str(error)).lower()}; {remedy}") from error
    with file:
        yield ImportReport(file)
