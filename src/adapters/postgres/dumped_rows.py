"""Reads rows from the text that pg_restore makes of a dump."""

import re
from collections.abc import AsyncIterator, Mapping

_BEGIN = re.compile(r"COPY [^ ]+\.(images|desired_models) \((.*)\) FROM stdin;")
_IMAGE_KEYS = ("original", "thumb_key", "medium_key", "large_key")
_NULL = "\\N"


async def read_keys(lines: AsyncIterator[bytes]) -> AsyncIterator[str]:
    """Yield the hexadecimal keys of the blobs that the rows refer to: those of all images, and of the desired model,
    which is the row with the greatest revision."""
    model: tuple[int, str] = 0, _NULL
    async for table, row in _read_rows(lines):
        if table == "images":
            for column in _IMAGE_KEYS:
                yield _parse_key(row[column])
        else:
            model = max(model, (int(row["revision"]), row["file"]))
    if model[1] != _NULL:
        yield _parse_key(model[1])


async def _read_rows(lines: AsyncIterator[bytes]) -> AsyncIterator[tuple[str, Mapping[str, str]]]:
    """Yield each row with the name of its table."""
    table, columns = "", [""]
    async for line in lines:
        text = line.decode(errors="replace").rstrip("\n")
        if not table:
            if begin := _BEGIN.match(text):
                table, columns = begin[1], begin[2].split(", ")
        elif text == "\\.":
            table = ""
        else:
            yield table, dict(zip(columns, text.split("\t"), strict=True))


def _parse_key(text: str) -> str:
    return text.removeprefix("\\\\x")
