"""Files of the blocklist: CSV with the columns kind, value, reason and source, or one hash a line."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from domain.blocklist import Entry, HashKind, NewEntry
from domain.errors import Conflict, FieldError, Invalid, NotFound

COLUMNS = ("kind", "value", "reason", "source")


def read_entries(file: Path, kind: HashKind | None, reason: str, source: str) -> Sequence[NewEntry]:
    """Return the entries of a file. `kind` states that it has one hash a line; `reason` and `source` apply where the
    file has none. Raises `NotFound`, and `Invalid` with the number of the first invalid line."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise NotFound(f"there is no file {file}") from None
    except (OSError, UnicodeDecodeError) as fault:
        raise Invalid(f"{file} cannot be read as text: {fault}") from None
    if kind is not None:
        bare = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
        return [_entry(number, {"kind": kind, "value": line}, reason, source) for number, line in bare]
    reader = csv.DictReader(lines)
    if not {"kind", "value"} <= set(reader.fieldnames or ()):
        raise Invalid(f"{file} has no columns kind and value; export a list for an example, or state --kind")
    return [_entry(reader.line_num, row, reason, source) for row in reader]


def _entry(number: int, row: dict[str, str], reason: str, source: str) -> NewEntry:
    try:
        kind = HashKind((row["kind"] or "").strip())
    except ValueError:
        allowed = ", ".join(HashKind)
        raise Invalid.of(FieldError("kind", "not_allowed", f"in line {number} is none of {allowed}", allowed)) from None
    try:
        return NewEntry(kind, row["value"] or "", row.get("reason") or reason, row.get("source") or source)
    except Invalid as fault:
        raise Invalid(f"line {number}: {fault.detail}", errors=fault.errors) from None


def write_entries(file: Path, entries: Iterable[Entry]) -> None:
    """Write a new file. Raises `Conflict` if it exists."""
    try:
        with file.open("x", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(COLUMNS)
            writer.writerows((entry.kind, entry.value, entry.reason, entry.source) for entry in entries)
    except FileExistsError:
        raise Conflict(f"{file} exists already; name a new file") from None
    except OSError as fault:
        raise Invalid(f"{file} cannot be written: {fault}") from None
