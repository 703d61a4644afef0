"""How a picture is asked for: the sizes there are, and when to look again for what a machine says of it."""

from datetime import datetime, timedelta

from domain.ids import ImageId
from domain.images import Image, Size
from domain.people import Avatar
from domain.understanding import State, Understanding

__all__ = ["next_look", "source", "source_set", "square_sizes"]

SOON, LATER = 2, 30
"""Seconds after which a page looks again: for an answer that is on its way, and for one that is put off."""


def source(image: Image | Avatar | ImageId, size: str = "medium") -> str:
    """The path of one rendition."""
    found = image.id if isinstance(image, Image) else image.image_id if isinstance(image, Avatar) else image
    return f"/v1/images/{found}/file?size={size}"


def source_set(image: Image) -> str:
    """All renditions with their widths, so that the browser takes no more than the screen shows."""
    widths = {_width(image, size): source(image, size) for size in reversed(Size)}
    return ", ".join(f"{path} {width}w" for width, path in sorted(widths.items()))


def square_sizes(image: Image) -> str:
    """`sizes` in a grid of three squares: a wide picture fills its square's height, and is so much wider."""
    ratio = max(1.0, image.width / image.height)
    return f"(min-width: 64rem) {round(320 * ratio)}px, {round(34 * ratio)}vw"


def next_look(now: datetime, *rows: Understanding) -> int | None:
    """Seconds until it is worth asking again, None when everything is said."""
    opened = [row for row in rows if row.open]
    if not opened:
        return None
    return LATER if all(_is_put_off(row, now) for row in opened) else SOON


def _is_put_off(row: Understanding, now: datetime) -> bool:
    due = row.next_attempt_at
    return row.state is State.PENDING and due is not None and due > now + timedelta(seconds=LATER)


def _width(image: Image, size: Size) -> int:
    scale = min(1.0, size.long_side / max(image.width, image.height))
    return max(1, round(image.width * scale))
