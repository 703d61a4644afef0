"""Reads fields of JSON whose types cannot be trusted."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from mimetypes import guess_type
from typing import Any

from domain.archives import FIRST_DATE, UnusableEntry
from domain.ids import MAX_PLACE

Fields = Mapping[str, Any]


def as_fields(value: object) -> Fields:
    """Return an object of the JSON; an empty one for other values."""
    return value if isinstance(value, dict) else {}


def text_of(fields: Fields, *names: str) -> str:
    """Return the first text with one of these names that is not empty, or ''."""
    return next((value for name in names if isinstance(value := fields.get(name), str) and value), "")


def texts_of(fields: Fields, name: str) -> list[str]:
    """Return the texts of a list, or a single one."""
    return [value for value in _values(fields.get(name)) if isinstance(value, str)]


def objects_of(fields: Fields, name: str) -> list[Fields]:
    """Return the objects of a list, or a single one."""
    return [value for value in _values(fields.get(name)) if isinstance(value, dict)]


def _values(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def read_time(text: str) -> datetime:
    """Return the time of an ISO 8601 text, in UTC where it names no zone. Raises `UnusableEntry`."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise UnusableEntry("has no valid date") from None


def read_seconds(value: object) -> datetime:
    """Return the time of a number of seconds since 1970. Raises `UnusableEntry`."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        pass
    raise UnusableEntry("has no valid date")


def media_fault(media_type: str, file: str) -> str | None:
    """Return why a file is no image, by its stated type or its name; None if it may be one."""
    kind = (media_type or guess_type(file)[0] or "image/").partition("/")[0].lower()
    return {"video": "is a video", "audio": "is a sound file", "gifv": "is a video"}.get(kind)


class Places:
    """Numbers the entries of one millisecond in their order, so that this order is kept."""

    def __init__(self, *, newest_first: bool) -> None:
        self._newest_first = newest_first
        self._counts: Counter[int] = Counter()

    def next_place(self, moment: datetime) -> int:
        millisecond = int((moment - FIRST_DATE).total_seconds() * 1000)
        number = min(self._counts[millisecond], MAX_PLACE)
        self._counts[millisecond] += 1
        return MAX_PLACE - number if self._newest_first else number
