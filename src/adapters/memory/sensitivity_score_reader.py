from collections.abc import Collection, Mapping

from adapters.memory.paging import Entry, highest_first
from adapters.memory.store import MemoryStore
from domain.ids import ImageId, UserId
from domain.pages import Page, PageRequest
from domain.sensitive_media import OwnScore, SensitivityScore, SensitivityScoreReader


class MemorySensitivityScoreReader(SensitivityScoreReader):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def of_images(self, image_ids: Collection[ImageId], owner_id: UserId) -> Mapping[ImageId, OwnScore]:
        tables = self._store.committed
        own = [image_id for image_id in image_ids if image_id in tables.sensitivity_scores]
        images = [image for image_id in own if (image := tables.images[image_id]).owner_id == owner_id]
        return {
            image.id: OwnScore(
                tables.sensitivity_scores[image.id], image.post_id is not None and tables.posts[image.post_id].sensitive
            )
            for image in images
        }

    async def answered(self, page: PageRequest) -> Page[SensitivityScore]:
        scores = self._store.committed.sensitivity_scores.values()
        answered = [Entry(score, score.image_id) for score in scores if score.answer is not None]
        return highest_first(answered, page, lambda score: score)
