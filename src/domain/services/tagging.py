"""Posts by tag, and rising tags."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.clock import Clock
from domain.ids import UserId
from domain.links import tag_key
from domain.pages import Page, PageRequest
from domain.tags import MAX_RISING, RisingTag, TaggedPost, TagReader

CACHE_LIFETIME = timedelta(minutes=1)
"""How long the rising tags are cached."""


class Tagging:
    def __init__(self, tag_reader: TagReader, clock: Clock) -> None:
        self._tag_reader = tag_reader
        self._clock = clock
        self._cached_rising: tuple[datetime, Sequence[RisingTag]] | None = None

    async def posts(self, tag: str, viewer: UserId | None, page: PageRequest) -> Page[TaggedPost]:
        """Return posts with this tag, newest first, with the sources of the tag; none for an unused tag."""
        return await self._tag_reader.posts(tag_key(tag), viewer, page)

    async def spelling(self, tag: str) -> str:
        """Return the most frequent spelling of the tag."""
        (spelling,) = await self._tag_reader.spellings([tag_key(tag)])
        return spelling

    async def rising_tags(self, limit: int) -> Sequence[RisingTag]:
        """Return the tags that more users use today than on the days before, steepest rise first; at most a minute
        old."""
        now = self._clock.now()
        if self._cached_rising is None or now - self._cached_rising[0] > CACHE_LIFETIME:
            self._cached_rising = now, await self._compute_rising(now)
        return self._cached_rising[1][:limit]

    async def _compute_rising(self, now: datetime) -> list[RisingTag]:
        uses = [use for use in await self._tag_reader.recent_uses(now) if use.rise > 0]
        best = sorted(uses, key=lambda use: (-use.rise, use.tag))[:MAX_RISING]
        best_tags = [use.tag for use in best]
        counts, spellings = await self._tag_reader.counts(best_tags), await self._tag_reader.spellings(best_tags)
        return [
            RisingTag(spelling, count, use.said_by)
            for use, count, spelling in zip(best, counts, spellings, strict=True)
        ]
