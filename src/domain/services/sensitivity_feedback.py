"""Owners' answers about sensitive media."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from domain.clock import Clock
from domain.ids import ImageId, UserId
from domain.images import Image, ImageNotFound, ImageReader, require_own_image
from domain.pages import Page, PageRequest
from domain.sensitive_media import NotScored, OwnScore, SensitivityScore, SensitivityScoreReader
from domain.unit_of_work import UnitOfWork, UnitOfWorkFactory


class SensitivityFeedback:
    def __init__(
        self,
        begin: UnitOfWorkFactory,
        image_reader: ImageReader,
        sensitivity_score_reader: SensitivityScoreReader,
        clock: Clock,
    ) -> None:
        self._begin = begin
        self._image_reader = image_reader
        self._sensitivity_score_reader = sensitivity_score_reader
        self._clock = clock

    async def own_scores(self, image_ids: Collection[ImageId], owner_id: UserId) -> Mapping[ImageId, OwnScore]:
        """Return the scores of those images that this user owns and that a detector rated or will rate."""
        return await self._sensitivity_score_reader.of_images(image_ids, owner_id)

    async def own_score(self, image_id: ImageId, owner_id: UserId) -> OwnScore | None:
        """Return the score of an image; None if no detector rates it. Raises `ImageNotFound`, `Forbidden`."""
        await require_own_image(self._image_reader, image_id, owner_id)
        return (await self.own_scores([image_id], owner_id)).get(image_id)

    async def answer(self, image_id: ImageId, owner_id: UserId, *, sensitive: bool) -> OwnScore:
        """Store whether the owner calls the image sensitive; the last answer counts. If so, the post of the image is
        marked as sensitive, now or when it is published. The opposite answer changes no post. Raises `ImageNotFound`,
        `Forbidden`, `NotScored`."""
        await require_own_image(self._image_reader, image_id, owner_id)
        async with self._begin() as uow:
            image, score = await uow.images.get(image_id), await uow.sensitivity_scores.get(image_id)
            if image is None:
                raise ImageNotFound
            if score is None:
                raise NotScored
            answered = score.set_answer(self._clock.now(), sensitive=sensitive)
            await uow.sensitivity_scores.save(answered)
            is_marked = await _mark_post(uow, image, sensitive=sensitive)
            await uow.commit()
        return OwnScore(answered, is_marked)

    async def answers(self, page: PageRequest) -> Page[SensitivityScore]:
        """Return all answered scores, newest image first."""
        return await self._sensitivity_score_reader.answered(page)


async def _mark_post(uow: UnitOfWork, image: Image, *, sensitive: bool) -> bool:
    """Mark the post of the image if it is sensitive. Return whether the post is marked."""
    post = await uow.posts.get(image.post_id) if image.post_id is not None else None
    if post is None:
        return False
    if sensitive and not post.sensitive:
        await uow.posts.save(replace(post, sensitive=True))
    return post.sensitive or sensitive
