"""Numbers and times in words, for people who read a terminal or a page."""

from datetime import datetime, timedelta

from domain.similarity import MOST_PENDING

_UNITS = (("year", 365 * 86_400), ("month", 30 * 86_400), ("day", 86_400), ("hour", 3_600), ("minute", 60))


def counted(number: int, noun: str) -> str:
    """`1 like`, `1,234 likes`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def pending(number: int) -> str:
    """What a search by similarity cannot find yet; '' when there is nothing."""
    if not number:
        return ""
    most = "at least " if number >= MOST_PENDING else ""
    return f"The model has not classified {most}{counted(number, 'image')} yet, so this list may be incomplete."


def ago(then: datetime, now: datetime) -> str:
    """`3 hours ago`."""
    seconds = (now - then).total_seconds()
    return "just now" if seconds < timedelta(minutes=1).total_seconds() else f"{span(seconds)} ago"


def span(seconds: float) -> str:
    """In the largest unit that fits, rounded down."""
    for unit, length in _UNITS:
        if seconds >= length:
            return counted(int(seconds // length), unit)
    return counted(int(seconds), "second")
