"""Posts by tag, and rising tags."""

from collections.abc import Sequence
from datetime import datetime

from domain.clock import Clock
from domain.ids import UserId
from domain.links import tag_key
from domain.pages import Page, PageRequest
from domain.tags import MAX_RISING, RisingTag, RisingTagList, RisingTagLists, TaggedPost, TagReader


class Tagging:
    def __init__(self, tag_reader: TagReader, rising_tag_lists: RisingTagLists, clock: Clock) -> None:
        self._tag_reader = tag_reader
        self._rising_tag_lists = rising_tag_lists
        self._clock = clock
        self._rising: RisingTagList | None = None

    async def posts(self, tag: str, viewer: UserId | None, page: PageRequest) -> Page[TaggedPost]:
        """Return posts with this tag, newest first, with the sources of the tag; none for an unused tag."""
        return await self._tag_reader.posts(tag_key(tag), viewer, page)

    async def spelling(self, tag: str) -> str:
        """Return the most frequent spelling of the tag."""
        (spelling,) = await self._tag_reader.spellings([tag_key(tag)])
        return spelling

    async def rising_tags(self, limit: int) -> Sequence[RisingTag]:
        """Return the tags that more users use today than on the days before, steepest rise first; at most a minute
        old, and the same in all processes."""
        now = self._clock.now()
        if self._rising is None or not self._rising.is_fresh(now):
            self._rising = await self._shared_rising(now)
        return self._rising.tags[:limit]

    async def _shared_rising(self, now: datetime) -> RisingTagList:
        """Return the stored list. Replace it first if it is not fresh."""
        stored = await self._rising_tag_lists.current()
        if stored is not None and stored.is_fresh(now):
            return stored
        computed = RisingTagList(now, await self._compute_rising(now))
        await self._rising_tag_lists.save(computed)
        return await self._rising_tag_lists.current() or computed

    async def _compute_rising(self, now: datetime) -> tuple[RisingTag, ...]:
        uses = [use for use in await self._tag_reader.recent_uses(now) if use.rise > 0]
        best = sorted(uses, key=lambda use: (-use.rise, use.tag))[:MAX_RISING]
        best_tags = [use.tag for use in best]
        counts, spellings = await self._tag_reader.counts(best_tags), await self._tag_reader.spellings(best_tags)
        return tuple(
            RisingTag(spelling, count, use.said_by)
            for use, count, spelling in zip(best, counts, spellings, strict=True)
        )
