"""Numbers and times as text, for the terminal and the web UI."""

from datetime import datetime, timedelta

from domain.similarity import MAX_PENDING

_UNITS = (("year", 365 * 86_400), ("month", 30 * 86_400), ("day", 86_400), ("hour", 3_600), ("minute", 60))


def pluralize(number: int, noun: str) -> str:
    """Return `1 like`, `1,234 likes`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def incomplete_note(number: int) -> str:
    """Return a note about images that a similarity search cannot find yet; '' if there are none."""
    if not number:
        return ""
    most = "at least " if number >= MAX_PENDING else ""
    return f"The model has not classified {most}{pluralize(number, 'image')} yet, so this list may be incomplete."


def format_ago(then: datetime, now: datetime) -> str:
    """Return `3 hours ago`."""
    seconds = (now - then).total_seconds()
    return "just now" if seconds < timedelta(minutes=1).total_seconds() else f"{format_duration(seconds)} ago"


def format_duration(seconds: float) -> str:
    """Return the duration in the largest unit that fits, rounded down."""
    for unit, length in _UNITS:
        if seconds >= length:
            return pluralize(int(seconds // length), unit)
    return pluralize(int(seconds), "second")
