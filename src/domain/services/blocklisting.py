"""Blocklisting: moderators edit, import and export the list of known images."""

from collections.abc import Iterator, Mapping, Sequence

from domain.audit_log import Action, LogEntry
from domain.blocklist import BlocklistReader, Entry, EntryNotFound, NewEntry
from domain.clock import Clock
from domain.effects import Target, TargetKind
from domain.ids import EntryId, Ids, ImageId, LogEntryId
from domain.jobs import BlocklistJob
from domain.pages import Page, PageRequest
from domain.roles import Moderator
from domain.services.image_hashing import ImageHashing
from domain.unit_of_work import UnitOfWork, UnitOfWorkFactory

BATCH_SIZE = 1_000


class Blocklisting:
    def __init__(
        self,
        begin: UnitOfWorkFactory,
        blocklist_reader: BlocklistReader,
        image_hashing: ImageHashing,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._begin = begin
        self._blocklist_reader = blocklist_reader
        self._image_hashing = image_hashing
        self._clock = clock
        self._ids = ids

    async def entries(self, page: PageRequest) -> Page[Entry]:
        """Return all entries, newest first."""
        return await self._blocklist_reader.entries(page)

    async def add(self, moderator: Moderator, new: Sequence[NewEntry]) -> int:
        """Add entries, except known hashes, and compare them with the stored images in the background. Return the
        number added."""
        async with self._begin() as uow:
            count = sum([await uow.blocklist.add(batch) for batch in self._batches(moderator, new)])
            if count:
                first = new[0]
                facts = {"kind": first.kind.value, "value": first.value, "reason": first.reason, "source": first.source}
                facts = facts if len(new) == 1 else {"source": first.source}
                await self._log(uow, moderator, Action.BLOCKLIST_ADDITION, facts | {"entries": str(count)})
                await uow.jobs.enqueue(BlocklistJob())
            await uow.commit()
        return count

    def _batches(self, moderator: Moderator, new: Sequence[NewEntry]) -> Iterator[Sequence[Entry]]:
        now = self._clock.now()
        for start in range(0, len(new), BATCH_SIZE):
            yield [
                Entry(EntryId(self._ids.new()), one.kind, one.value, one.reason, one.source, moderator.username, now)
                for one in new[start : start + BATCH_SIZE]
            ]

    async def add_image(self, moderator: Moderator, image_id: ImageId, reason: str, source: str) -> int:
        """Add all hashes of a stored image. Return the number added. Raises `ImageNotFound`, `Invalid`."""
        hashes = await self._image_hashing.hashes_of(image_id)
        return await self.add(moderator, hashes.entries(reason, source))

    async def delete(self, moderator: Moderator, entry_id: EntryId) -> None:
        """Delete an entry. Images that are quarantined stay so until a moderator decides. Raises `EntryNotFound`."""
        async with self._begin() as uow:
            entry = await uow.blocklist.delete(entry_id)
            if entry is None:
                raise EntryNotFound
            facts = {"kind": entry.kind.value, "value": entry.value, "reason": entry.reason, "source": entry.source}
            await self._log(uow, moderator, Action.BLOCKLIST_DELETION, facts)
            await uow.commit()

    async def _log(
        self, uow: UnitOfWork, moderator: Moderator, action: Action, facts: Mapping[str, str | None]
    ) -> None:
        target, details = Target(TargetKind.USER, moderator.id), {"moderator": moderator.username, **facts}
        entry_id, now = LogEntryId(self._ids.new()), self._clock.now()
        await uow.audit_log.add(LogEntry(entry_id, now, moderator.id, action, target, moderator.id, details))
