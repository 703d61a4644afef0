"""Judging: owners say which labels are right."""

from collections.abc import Sequence

from domain.errors import Forbidden, NotFound
from domain.ids import ImageId, UserId
from domain.images import Gallery
from domain.unit_of_work import Begin
from domain.verdicts import LabelNotFound, VerdictCount, Verdicts
from domain.vision import Verdict


class Judging:
    def __init__(self, begin: Begin, gallery: Gallery, verdicts: Verdicts) -> None:
        self._begin = begin
        self._gallery = gallery
        self._verdicts = verdicts

    async def judge(self, image_id: ImageId, owner_id: UserId, key: str, verdict: Verdict) -> None:
        """Call a label that the image is shown with right or wrong; the last word counts, and it outlives the label:
        when another model gives it again, it is judged already. Raises `NotFound`, `LabelNotFound`, `Forbidden`."""
        image = await self._gallery.image(image_id, owner_id)
        if image is None:
            raise NotFound("there is no such image; it may have been deleted, or it is in no post and not yours")
        if image.owner_id != owner_id:
            raise Forbidden("the image belongs to somebody else; only its owner may judge its labels")
        async with self._begin() as uow:
            present = await uow.images.get_in_post(image_id)
            label = next((it for it in present.labels if it.key == key), None) if present else None
            if present is None or label is None:
                raise LabelNotFound
            await uow.images.judge(image_id, label, verdict)
            if present.post_id is not None:
                await uow.index.refresh(present.post_id)
            await uow.commit()

    async def verdicts(self) -> Sequence[VerdictCount]:
        """What owners say of each label."""
        return await self._verdicts.counts()
