"""Image URLs and sizes, and the intervals for polling results."""

from datetime import datetime, timedelta

from domain.ids import ImageId
from domain.images import Image, Size
from domain.profiles import Avatar
from domain.sensitive_media import SensitivityScore
from domain.understanding import LEASE, State, Understanding

__all__ = ["grid_sizes", "image_srcset", "image_url", "poll_seconds", "score_poll_seconds"]

POLL_SECONDS, SLOW_POLL_SECONDS = 2, 30
"""Seconds after which a page polls again: for a result that is expected soon, and for a postponed one."""


def image_url(image: Image | Avatar | ImageId, size: str = "medium") -> str:
    """Return the path of a rendition."""
    image_id = image.id if isinstance(image, Image) else image.image_id if isinstance(image, Avatar) else image
    return f"/v1/images/{image_id}/file?size={size}"


def image_srcset(image: Image) -> str:
    """Return all renditions with their widths, so that the browser loads no larger one than it displays."""
    widths = {_width(image, size): image_url(image, size) for size in reversed(Size)}
    return ", ".join(f"{path} {width}w" for width, path in sorted(widths.items()))


def grid_sizes(image: Image) -> str:
    """Return `sizes` for a grid of three squares. A wide image fills the height of its square and is wider than the
    square."""
    ratio = max(1.0, image.width / image.height)
    return f"(min-width: 64rem) {round(320 * ratio)}px, {round(34 * ratio)}vw"


def poll_seconds(now: datetime, *rows: Understanding) -> int | None:
    """Return the seconds until the next poll; None when all results are present."""
    unfinished = [row for row in rows if row.open]
    if not unfinished:
        return None
    return SLOW_POLL_SECONDS if all(_is_postponed(row, now) for row in unfinished) else POLL_SECONDS


def score_poll_seconds(now: datetime, score: SensitivityScore) -> int | None:
    """Return the seconds until the next poll for a sensitivity score; None when the detector has ended."""
    if score.next_attempt_at is None:
        return None
    return POLL_SECONDS if abs(score.next_attempt_at - now) <= LEASE else SLOW_POLL_SECONDS


def _is_postponed(row: Understanding, now: datetime) -> bool:
    due = row.next_attempt_at
    return row.state is State.PENDING and due is not None and due > now + timedelta(seconds=SLOW_POLL_SECONDS)


def _width(image: Image, size: Size) -> int:
    scale = min(1.0, size.long_side / max(image.width, image.height))
    return max(1, round(image.width * scale))
