"""Owners' verdicts on the labels of their images."""

from collections.abc import Sequence

from domain.ids import ImageId, UserId
from domain.images import ImageReader, require_own_image
from domain.unit_of_work import UnitOfWorkFactory
from domain.vision import Verdict
from domain.vision.verdicts import LabelNotFound, VerdictCount, VerdictReader


class LabelFeedback:
    def __init__(self, begin: UnitOfWorkFactory, image_reader: ImageReader, verdict_reader: VerdictReader) -> None:
        self._begin = begin
        self._image_reader = image_reader
        self._verdict_reader = verdict_reader

    async def judge(self, image_id: ImageId, owner_id: UserId, key: str, verdict: Verdict) -> None:
        """Mark a displayed label as right or wrong. The last verdict counts and outlives the label: it applies again
        when another model gives the same label. Raises `ImageNotFound`, `LabelNotFound`, `Forbidden`."""
        await require_own_image(self._image_reader, image_id, owner_id)
        async with self._begin() as uow:
            present = await uow.images.get(image_id)
            label = next((it for it in present.labels if it.key == key), None) if present else None
            if present is None or label is None:
                raise LabelNotFound
            await uow.images.save_verdict(image_id, label, verdict)
            if present.post_id is not None:
                await uow.search_index.refresh(present.post_id)
            await uow.commit()

    async def verdict_counts(self) -> Sequence[VerdictCount]:
        """Return the verdicts on each label."""
        return await self._verdict_reader.counts()
