"""Image screening: quarantines images that match the blocklist or the lists of a screening service."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from domain.audit_log import Action, LogEntry
from domain.blocklist import Entry, HashKind, ImageHashes, Match, match_of
from domain.clock import Clock
from domain.effects import Target, TargetKind
from domain.errors import Unavailable
from domain.ids import DecisionId, Ids, ImageId, LogEntryId, NotificationId, ReportGroupId, ReportId, UserId
from domain.image_processing import ImageProcessor, PreparedImage
from domain.images import Image, Size
from domain.jobs import BlocklistJob, Job, ScreeningJob
from domain.notifications import decision_notice
from domain.reports import Reason, Report
from domain.screening import PendingScreening, Screening, describe_match, quarantine
from domain.unit_of_work import UnitOfWork, UnitOfWorkFactory
from domain.vision.pdq import Pdq

BATCH_SIZE = 100
SWEEP_BATCH = 500

logger = logging.getLogger("tintype.screening")


class ImageScreening:
    def __init__(
        self,
        begin: UnitOfWorkFactory,
        processor: ImageProcessor,
        screening: Screening | None,
        clock: Clock,
        ids: Ids,
        jitter: Callable[[], float],
        *,
        uses_blocklist: bool,
    ) -> None:
        self._begin = begin
        self._processor = processor
        self._screening = screening
        self._clock = clock
        self._ids = ids
        self._jitter = jitter
        self._uses_blocklist = uses_blocklist

    async def hash_upload(self, prepared: PreparedImage) -> tuple[Pdq, ...] | None:
        """Return the PDQ hashes of an upload; None while nothing is compared with them, because they cost time."""
        if self._screening is None and not await self.lists_pdq():
            return None
        return await self._processor.pdq_hashes(prepared.renditions[Size.MEDIUM].data)

    async def lists_pdq(self) -> bool:
        """Whether images are compared with PDQ hashes of the blocklist."""
        if not self._uses_blocklist:
            return False
        async with self._begin() as uow:
            return HashKind.PDQ in await uow.blocklist.kinds()

    async def screen_upload(self, uow: UnitOfWork, image: Image, hashes: ImageHashes) -> Image:
        """Store the PDQ hash of a new image, and quarantine it if it matches the blocklist, or until the screening
        service has answered."""
        if hashes.pdqs is not None:
            await uow.blocklist.save_pdq(image.id, hashes.pdq)
        if self._uses_blocklist:
            await uow.blocklist.begin_upload()
        match = await self._find_match(uow, hashes)
        if match is not None:
            await self._quarantine(uow, image.id, image.owner_id, match)
        elif self._screening is not None and hashes.pdq is not None:
            await uow.screenings.add(PendingScreening(image.id, self._clock.now()))
            await uow.jobs.enqueue(ScreeningJob(image.id))
        else:
            return image
        return replace(image, quarantined=True)

    async def _find_match(self, uow: UnitOfWork, hashes: ImageHashes) -> Match | None:
        kinds = await uow.blocklist.kinds() if self._uses_blocklist else frozenset()
        return await uow.blocklist.find_match(hashes.only(kinds)) if kinds else None

    async def attempt(self, job: ScreeningJob) -> None:
        """Ask the screening service about an image if that is due; safe to repeat."""
        started = await self._start_attempt(job.image_id)
        if started is None:
            return
        pending, hashes = started
        try:
            match = await self._look_up(hashes.pdq)
        except Unavailable as error:
            logger.warning("image %s stays quarantined: %s", job.image_id, error.operator_message)
            await self._retry_later(pending, error)
        else:
            await self._conclude(pending, match)

    async def _look_up(self, pdq: Pdq | None) -> Match | None:
        """Ask the service, unless the operator switched it off meanwhile."""
        return None if self._screening is None or pdq is None else await self._screening.look_up(pdq)

    async def _retry_later(self, pending: PendingScreening, error: Unavailable) -> None:
        delay = timedelta(seconds=error.retry_after)
        async with self._begin() as uow:
            await uow.screenings.save(pending.retry_later(self._clock.now(), self._jitter(), delay))
            await uow.commit()

    async def _start_attempt(self, image_id: ImageId) -> tuple[PendingScreening, ImageHashes] | None:
        now = self._clock.now()
        async with self._begin() as uow:
            pending = await uow.screenings.get(image_id)
            hashes = await uow.blocklist.hashes_of(image_id)
            if pending is None or hashes is None or not pending.is_due(now):
                return None
            started = pending.start(now)
            await uow.screenings.save(started)
            await uow.commit()
        return started, hashes

    async def _conclude(self, pending: PendingScreening, match: Match | None) -> None:
        """End the screening, unless another worker did. An image without a match becomes visible and is analysed."""
        async with self._begin() as uow:
            if not await uow.decisions.claim(Target(TargetKind.IMAGE, pending.image_id)):
                return
            image = await uow.images.get(pending.image_id)
            if image is None or await uow.screenings.get(pending.image_id) != pending:
                return
            await uow.screenings.delete(image.id)
            if match is not None:
                await self._quarantine(uow, image.id, image.owner_id, match)
            else:
                await self._resume_analysis(uow, image)
            await uow.commit()

    async def _resume_analysis(self, uow: UnitOfWork, image: Image) -> None:
        now = self._clock.now()
        if image.post_id is not None:
            await uow.search_index.refresh(image.post_id)
        for task in image.understanding:
            row = await uow.understandings.get(image.id, task)
            if row is not None and row.open and row.next_attempt_at is not None:
                await uow.understandings.save(row.schedule(now))
                await uow.jobs.enqueue(Job(task, image.id))

    async def apply_blocklist(self) -> int:
        """Compare entries that are not applied yet with the stored images. Return the number of entries."""
        count = 0
        while entries := await self._find_unapplied():
            await self._await_uploads()
            for entry in entries:
                await self._apply(entry)
            count += len(entries)
        return count

    async def _await_uploads(self) -> None:
        """Wait for uploads that were looked up before the entries were committed, and are not stored yet."""
        async with self._begin() as uow:
            await uow.blocklist.await_uploads()

    async def _find_unapplied(self) -> list[Entry]:
        if not self._uses_blocklist:
            return []
        async with self._begin() as uow:
            return list(await uow.blocklist.find_unapplied(BATCH_SIZE))

    async def _apply(self, entry: Entry) -> None:
        after: ImageId | None = None
        while True:
            async with self._begin() as uow:
                found = await uow.blocklist.find_images(entry, after, BATCH_SIZE)
                if not found:
                    await uow.blocklist.mark_applied(entry.id)
                    await uow.commit()
                    return
            for image_id, distance in found:
                await self._apply_to_image(entry, image_id, distance)
            after = found[-1][0]

    async def _apply_to_image(self, entry: Entry, image_id: ImageId, distance: int) -> None:
        """Quarantine an image, unless it is already, or a moderator released it after the entry was added."""
        target = Target(TargetKind.IMAGE, image_id)
        async with self._begin() as uow:
            if not await uow.decisions.claim(target):
                return
            image = await uow.images.get(image_id)
            released = await uow.decisions.released_at(target)
            if image is None or image.quarantined or (released is not None and released >= entry.added_at):
                return
            await self._quarantine(uow, image.id, image.owner_id, match_of(entry, distance))
            await uow.commit()

    async def screen_stored(self, image_id: ImageId, pdqs: tuple[Pdq, ...]) -> None:
        """Store the PDQ hash of an old image, and quarantine it if it matches, unless a moderator released it."""
        target = Target(TargetKind.IMAGE, image_id)
        async with self._begin() as uow:
            if not await uow.decisions.claim(target):
                return
            await uow.blocklist.save_pdq(image_id, pdqs[0] if pdqs else None)
            image, hashes = await uow.images.get(image_id), await uow.blocklist.hashes_of(image_id)
            match = await self._find_match(uow, replace(hashes, pdqs=pdqs)) if hashes else None
            if image and match and not image.quarantined and await uow.decisions.released_at(target) is None:
                await self._quarantine(uow, image.id, image.owner_id, match)
            await uow.commit()

    async def _quarantine(self, uow: UnitOfWork, image_id: ImageId, owner_id: UserId, match: Match) -> None:
        """Hold an image back, report it to the moderators, and notify its owner."""
        now, target = self._clock.now(), Target(TargetKind.IMAGE, image_id)
        await uow.decisions.add(quarantine(DecisionId(self._ids.new()), image_id, owner_id, now))
        note = describe_match(match)
        report = Report(ReportId(self._ids.new()), target, owner_id, None, Reason.KNOWN_IMAGE, note, now)
        await uow.reports.add(report, ReportGroupId(self._ids.new()))
        await uow.notifications.add(decision_notice(NotificationId(self._ids.new()), owner_id, now))
        await uow.audit_log.add(
            LogEntry(LogEntryId(self._ids.new()), now, None, Action.QUARANTINE, target, owner_id, _facts(match))
        )
        logger.warning("image %s is quarantined: %s", image_id, note)

    async def sweep(self) -> int:
        """Wake workers for every due screening, and for entries that are not applied. Return their number."""
        async with self._begin() as uow:
            due = await uow.screenings.find_due(self._clock.now(), SWEEP_BATCH)
            await uow.jobs.enqueue(*(ScreeningJob(image_id) for image_id in due))
            unapplied = await uow.blocklist.find_unapplied(1) if self._uses_blocklist else ()
            if unapplied:
                await uow.jobs.enqueue(BlocklistJob())
            await uow.commit()
        return len(due) + len(unapplied)


def _facts(match: Match) -> Mapping[str, str | None]:
    return {
        "entry_id": str(match.entry_id) if match.entry_id else None,
        "kind": match.kind.value,
        "distance": str(match.distance),
        "reason": match.reason,
        "source": match.source or None,
    }
