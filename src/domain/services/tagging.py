"""Tagging: the posts of a tag, and the tags rising now."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.clock import Clock
from domain.ids import UserId
from domain.links import tag_key
from domain.pages import Page, PageRequest
from domain.tags import MOST_RISING, RisingTag, Tagged, Tags

FRESH = timedelta(minutes=1)
"""For how long what is rising is not computed again."""


class Tagging:
    def __init__(self, tags: Tags, clock: Clock) -> None:
        self._tags = tags
        self._clock = clock
        self._risen: tuple[datetime, Sequence[RisingTag]] | None = None

    async def posts(self, tag: str, viewer: UserId | None, page: PageRequest) -> Page[Tagged]:
        """Posts with this tag, newest first, and who said so; none for what no post is tagged with."""
        return await self._tags.posts(tag_key(tag), viewer, page)

    async def spelling(self, tag: str) -> str:
        """The tag as most people type it."""
        (found,) = await self._tags.spellings([tag_key(tag)])
        return found

    async def rising(self, limit: int) -> Sequence[RisingTag]:
        """The tags that more people use today than in the days before, the steepest first; at most a minute old."""
        now = self._clock.now()
        if self._risen is None or now - self._risen[0] > FRESH:
            self._risen = now, await self._computed(now)
        return self._risen[1][:limit]

    async def _computed(self, now: datetime) -> list[RisingTag]:
        uses = [use for use in await self._tags.used(now) if use.rise > 0]
        best = sorted(uses, key=lambda use: (-use.rise, use.tag))[:MOST_RISING]
        tags = [use.tag for use in best]
        counts, spellings = await self._tags.counts(tags), await self._tags.spellings(tags)
        return [
            RisingTag(spelling, count, use.said_by)
            for use, count, spelling in zip(best, counts, spellings, strict=True)
        ]
