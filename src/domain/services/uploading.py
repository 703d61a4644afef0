"""Uploading, reading and deletion of images. No upload waits for a model."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain.blobs import BlobKey, BlobStore, StorageUnavailable
from domain.blocklist import ImageHashes
from domain.captions import plan_caption
from domain.clock import Clock
from domain.consent import CaptionWriters, Consent
from domain.ids import Ids, ImageId, UserId
from domain.image_origin import ImageOrigin
from domain.image_processing import ImageProcessor, PreparedImage
from domain.images import (
    Image,
    ImageFile,
    ImageNotFound,
    ImageReader,
    Rendition,
    Size,
    require_image,
    require_own_image,
)
from domain.jobs import Job
from domain.pages import Page, PageRequest
from domain.posts import Visibility
from domain.quotas import DailyQuota
from domain.services.image_screening import ImageScreening
from domain.services.sensitivity_scoring import SensitivityScoring
from domain.understanding import Task, Understanding
from domain.unit_of_work import UnitOfWork, UnitOfWorkFactory
from domain.unreferenced_blobs import UnreferencedBlobs, require_reservation
from domain.vision import Label

RESERVATION_ATTEMPTS = 50
RESERVATION_INTERVAL = 0.1
"""Seconds between two attempts to reserve the blobs of an upload."""


class Uploading:
    def __init__(
        self,
        begin: UnitOfWorkFactory,
        processor: ImageProcessor,
        blobs: BlobStore,
        unreferenced_blobs: UnreferencedBlobs,
        image_reader: ImageReader,
        caption_writers: CaptionWriters,
        image_screening: ImageScreening,
        sensitivity_scoring: SensitivityScoring,
        clock: Clock,
        ids: Ids,
        quota: DailyQuota,
    ) -> None:
        self._begin = begin
        self._processor = processor
        self._blobs = blobs
        self._unreferenced_blobs = unreferenced_blobs
        self._image_reader = image_reader
        self._caption_writers = caption_writers
        self._image_screening = image_screening
        self._sensitivity_scoring = sensitivity_scoring
        self._clock = clock
        self._ids = ids
        self._quota = quota

    async def upload(
        self, owner_id: UserId, data: bytes, *, exempt: bool = False, origin: ImageOrigin | None = None
    ) -> Image:
        """Store an image and report its duplicates; duplicates are accepted. A known image is quarantined. When it
        returns, the image is durable and its analysis is scheduled. An image of an archive brings its `origin`. Raises
        `QuotaExceeded` (unless `exempt`) and what `ImageProcessor.prepare` raises."""
        if not exempt:
            await self._check_quota(owner_id, len(data))
        prepared = await self._processor.prepare(data)
        pdqs = await self._image_screening.hash_upload(prepared)
        stored = await self._store(owner_id, data, prepared)
        async with self._begin() as uow:
            image = self._plan_analysis(stored, await uow.consents.get(owner_id))
            image = origin.apply(image) if origin else image
            duplicates = await uow.duplicates.find(owner_id, image.original, image.fingerprint)
            await uow.images.add(image)
            await uow.duplicates.save(image.id, duplicates)
            hashes = ImageHashes(_keys_of(data, image.original), image.fingerprint, pdqs)
            image = await self._image_screening.screen_upload(uow, image, hashes)
            if origin:
                await _save_labels(uow, image, origin.labels)
            if not image.quarantined:
                await self._schedule_analysis(uow, image, stored.created_at)
            await self._sensitivity_scoring.schedule(uow, image)
            if not exempt:  # last, because the owner's other uploads wait for the commit
                total = await uow.quotas.add(owner_id, stored.created_at.date(), len(data))
                self._quota.check(total, stored.created_at)
            require_reservation(stored.created_at, self._clock.now())
            await uow.commit()
        return replace(image, duplicates=duplicates)

    async def _schedule_analysis(self, uow: UnitOfWork, image: Image, now: datetime) -> None:
        due = [row for row in image.understanding.values() if row.is_due(now)]
        turn = await uow.understandings.waiting_count(image.owner_id, now)
        await uow.jobs.enqueue(*(Job(row.task, image.id, turn) for row in due))

    async def _check_quota(self, owner_id: UserId, size: int) -> None:
        """Check the quota before anything is decoded or stored. Concurrent uploads are counted at the end."""
        now = self._clock.now()
        async with self._begin() as uow:
            uploaded = await uow.quotas.daily_uploads(owner_id, now.date())
        self._quota.check(uploaded.with_file(size), now)

    async def _store(self, owner_id: UserId, data: bytes, prepared: PreparedImage) -> Image:
        """Store the blobs of an image without a connection to the database, reserved until a row refers to them."""
        encoded, now = prepared.renditions, self._clock.now()
        contents = data[: prepared.length], *(encoded[size].data for size in Size)
        await self._reserve(await asyncio.gather(*map(self._blobs.key_of, contents)), now)
        original, *keys = await asyncio.gather(*map(self._blobs.put, contents))
        return Image(
            id=ImageId(self._ids.new()),
            owner_id=owner_id,
            original=original,
            width=prepared.width,
            height=prepared.height,
            content_type=prepared.content_type,
            renditions={size: Rendition(key, encoded[size].content_type) for size, key in zip(Size, keys, strict=True)},
            placeholder=prepared.placeholder,
            created_at=now,
            fingerprint=prepared.fingerprint,
        )

    async def _reserve(self, keys: Sequence[BlobKey], now: datetime) -> None:
        """Wait for a sweep that is deleting one of the blobs. Raises `StorageUnavailable` if it takes too long."""
        for _ in range(RESERVATION_ATTEMPTS):
            if await self._unreferenced_blobs.reserve(keys, now):
                return
            await asyncio.sleep(RESERVATION_INTERVAL)
        raise StorageUnavailable(
            "an older copy of this image is being deleted; upload it again in 60 s", retry_after=60
        )

    def _plan_analysis(self, image: Image, consent: Consent) -> Image:
        """Return the image with its tasks. A caption needs a writer that the owner agreed to."""
        writer = self._caption_writers.select(consent.choice_for(Visibility.PUBLIC))
        classification = Understanding(image.id, Task.CLASSIFICATION).schedule(image.created_at)
        caption = plan_caption(image.id, writer, image.created_at)
        return replace(image, understanding={Task.CLASSIFICATION: classification, Task.CAPTION: caption})

    async def image(self, image_id: ImageId, viewer: UserId | None) -> Image:
        """Return the image if the viewer may see it. Raises `ImageNotFound`."""
        return await require_image(self._image_reader, image_id, viewer)

    async def file(self, image_id: ImageId, size: Size, viewer: UserId | None) -> ImageFile:
        """Return the location of a rendition, and whether it is public. Raises `ImageNotFound`."""
        file = await self._image_reader.file(image_id, size, viewer)
        if file is None:
            raise ImageNotFound
        return file

    async def of_owner(self, owner_id: UserId, page: PageRequest) -> Page[Image]:
        """Return all uploads of a user, newest first."""
        return await self._image_reader.of_owner(owner_id, page)

    async def describe(
        self, image_id: ImageId, owner_id: UserId, text: str | None, *, based_on_suggestion: bool = False
    ) -> Image:
        """Set the alt text (None removes it). This answers the suggestion. Raises `ImageNotFound`."""
        await require_own_image(self._image_reader, image_id, owner_id)
        async with self._begin() as uow:
            image = await _require_image(uow, image_id)
            await uow.images.save_description(image.with_alt_text(text, based_on_suggestion=based_on_suggestion))
            if image.post_id is not None:
                await uow.search_index.refresh(image.post_id)
            await uow.commit()
        return await self.image(image_id, owner_id)

    async def reject_suggestion(self, image_id: ImageId, owner_id: UserId) -> Image:
        """Reject the suggested alt text. Raises `ImageNotFound`."""
        await require_own_image(self._image_reader, image_id, owner_id)
        async with self._begin() as uow:
            image = await _require_image(uow, image_id)
            await uow.images.save_description(image.without_suggestion())
            await uow.commit()
        return await self.image(image_id, owner_id)

    async def delete(self, image_id: ImageId, owner_id: UserId) -> None:
        """Delete an image that is in no post. Raises `ImageNotFound` or `ImageInUse`."""
        await require_own_image(self._image_reader, image_id, owner_id)
        async with self._begin() as uow:
            await uow.images.delete(image_id)
            await uow.commit()


async def _save_labels(uow: UnitOfWork, image: Image, labels: Sequence[Label]) -> None:
    await uow.images.save_labels({image.id: labels})
    for label in labels:
        if label.verdict is not None:
            await uow.images.save_verdict(image.id, label, label.verdict)


def _keys_of(data: bytes, original: BlobKey) -> tuple[BlobKey, ...]:
    """Return the hashes of the upload and of the part of it that is stored, which are mostly the same."""
    uploaded = BlobKey.of(data)
    return (original,) if uploaded == original else (original, uploaded)


async def _require_image(uow: UnitOfWork, image_id: ImageId) -> Image:
    image = await uow.images.get(image_id)
    if image is None:
        raise ImageNotFound
    return image
