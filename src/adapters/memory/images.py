from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from adapters.memory.transaction import Transaction
from adapters.memory.views import with_duplicates
from domain.ids import ImageId, PostId, UserId
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

    async def get_to_delete(self, image_id: ImageId) -> Image | None:
        return await self.get(image_id)

    async def get_for_indexing(self, image_id: ImageId) -> Image | None:
        return await self.get(image_id)

    async def attach(self, image_ids: Sequence[ImageId], owner_id: UserId, post_id: PostId) -> bool:
        tables = await self._transaction.tables()
        images = [tables.images.get(image_id) for image_id in image_ids]
        if not all(image and image.owner_id == owner_id and image.post_id is None for image in images):
            return False
        tables.attach(image_ids, post_id)
        return True

    async def save_description(self, image: Image) -> None:
        tables = await self._transaction.tables()
        stored = tables.images.get(image.id)
        if stored is not None:
            tables.images[image.id] = replace(
                stored, alt_text=image.alt_text, suggestion=image.suggestion, model_tags=image.model_tags
            )

    async def save_labels(self, image_id: ImageId, labels: Sequence[Label]) -> None:
        (await self._transaction.tables()).set_labels(image_id, labels)

    async def save_verdict(self, image_id: ImageId, label: Label, verdict: Verdict) -> None:
        tables = await self._transaction.tables()
        stored = tables.images.get(image_id)
        if stored is not None:
            tables.verdicts[image_id, label.key] = replace(label, verdict=verdict)
            tables.set_labels(image_id, stored.labels)

    async def delete(self, image_id: ImageId) -> None:
        (await self._transaction.tables()).drop_image(image_id)

    async def delete_unposted(self, before: datetime, limit: int) -> int:
        tables = await self._transaction.tables()
        avatars = {user.avatar_image_id for user in tables.users.values()}
        unposted = [
            image
            for image in tables.images.values()
            if image.post_id is None and image.created_at < before and image.id not in avatars
        ]
        oldest = sorted(unposted, key=lambda image: image.created_at)[:limit]
        for image in oldest:
            tables.drop_image(image.id)
        return len(oldest)
