from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from adapters.memory.restrictions import is_image_quarantined
from adapters.memory.transaction import Transaction
from adapters.memory.views import with_duplicates
from domain.ids import ImageId, PostId, UserId
from domain.image_use import require_attachable, require_deletable
from domain.images import Image, Images
from domain.users import UserNotFound
from domain.vision import Label, Verdict


class MemoryImages(Images):
    """Images; the understanding of an image is stored on the image itself."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, image: Image) -> None:
        tables = await self._transaction.tables()
        if image.owner_id not in tables.users:
            self._transaction.mark_failed()
            raise UserNotFound
        tables.images[image.id] = replace(
            image, renditions=dict(image.renditions), understanding=dict(image.understanding)
        )

    async def get(self, image_id: ImageId) -> Image | None:
        tables = await self._transaction.tables()
        image = tables.images.get(image_id)
        return with_duplicates(tables, image) if image else None

    async def get_all(self, image_ids: Sequence[ImageId]) -> Mapping[ImageId, Image]:
        images = [await self.get(image_id) for image_id in sorted(image_ids)]
        return {image.id: image for image in images if image is not None}

    async def is_owned(self, image_id: ImageId, owner_id: UserId) -> bool:
        image = (await self._transaction.tables()).images.get(image_id)
        return image is not None and image.owner_id == owner_id

    async def attach(self, image_ids: Sequence[ImageId], owner_id: UserId, post_id: PostId) -> None:
        tables = await self._transaction.tables()
        own = {image.id: image.post_id for image in tables.images.values() if image.owner_id == owner_id}
        require_attachable(image_ids, own)
        tables.attach(image_ids, post_id)

    async def save_description(self, image: Image) -> None:
        tables = await self._transaction.tables()
        stored = tables.images.get(image.id)
        if stored is not None:
            tables.images[image.id] = replace(
                stored, alt_text=image.alt_text, suggestion=image.suggestion, model_tags=image.model_tags
            )

    async def save_labels(self, labels: Mapping[ImageId, Sequence[Label]]) -> None:
        tables = await self._transaction.tables()
        for image_id, displayed in labels.items():
            tables.set_labels(image_id, displayed)

    async def save_verdict(self, image_id: ImageId, label: Label, verdict: Verdict) -> None:
        tables = await self._transaction.tables()
        stored = tables.images.get(image_id)
        if stored is not None:
            tables.verdicts[image_id, label.key] = replace(label, verdict=verdict)
            tables.set_labels(image_id, stored.labels)

    async def delete(self, image_id: ImageId) -> None:
        tables = await self._transaction.tables()
        image = tables.images.get(image_id)
        require_deletable(with_duplicates(tables, image) if image else None)
        tables.drop_image(image_id)

    async def delete_from_post(self, image_id: ImageId) -> None:
        (await self._transaction.tables()).drop_image(image_id)

    async def delete_unposted(self, before: datetime, limit: int) -> int:
        tables = await self._transaction.tables()
        avatars = {user.avatar_image_id for user in tables.users.values()}
        unposted = [
            image
            for image in tables.images.values()
            if image.post_id is None
            and image.created_at < before
            and image.id not in avatars
            and not is_image_quarantined(tables, image.id)
        ]
        oldest = sorted(unposted, key=lambda image: image.created_at)[:limit]
        for image in oldest:
            tables.drop_image(image.id)
        return len(oldest)
