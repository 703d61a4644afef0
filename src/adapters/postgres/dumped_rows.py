"""Reads rows from the text that pg_restore makes of a dump."""

import re
from collections.abc import AsyncIterator

_BEGIN = re.compile(r"COPY [^ ]+\.images \((.*)\) FROM stdin;")
KEY_COLUMNS = ("original", "thumb_key", "medium_key", "large_key")


async def read_keys(lines: AsyncIterator[bytes]) -> AsyncIterator[str]:
    """Yield the hexadecimal keys in the rows of the table images."""
    positions: list[int] = []
    async for line in lines:
        if not positions:
            positions = _find_positions(line.decode(errors="replace"))
        elif line == b"\\.\n":
            positions = []
        else:
            fields = line.rstrip(b"\n").split(b"\t")
            for position in positions:
                yield fields[position].decode().removeprefix("\\\\x")


def _find_positions(line: str) -> list[int]:
    """The positions of the keys in the rows after this line, if it begins the rows."""
    found = _BEGIN.match(line)
    if not found:
        return []
    columns = found[1].split(", ")
    return [columns.index(name) for name in KEY_COLUMNS]
