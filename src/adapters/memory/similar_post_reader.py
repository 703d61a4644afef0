import math
from collections.abc import Iterator, Sequence

from adapters.memory.restrictions import is_image_hidden
from adapters.memory.store import MemoryStore
from adapters.memory.views import Views, is_discoverable
from domain.ids import ImageId, PostId, UserId
from domain.similarity import MAX_PENDING, SimilarPost, SimilarPostReader, SimilarPosts
from domain.understanding import Task
from domain.vision import Embedding


class MemorySimilarPostReader(SimilarPostReader):
    """Compares all embeddings, so its result is the reference for approximate indexes."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def of_image(self, image_id: ImageId, viewer: UserId | None, limit: int) -> SimilarPosts:
        tables = self._store.committed
        known = tables.embeddings.get(image_id)
        if known is None:
            return SimilarPosts([], self._pending_count(None, viewer))
        model, embedding = known
        posts = self._find_nearest(embedding, model, viewer, limit, excluded_post=tables.images[image_id].post_id)
        return SimilarPosts(posts, self._pending_count(model, viewer))

    async def of_embedding(self, embedding: Embedding, model: str, viewer: UserId | None, limit: int) -> SimilarPosts:
        posts = self._find_nearest(embedding, model, viewer, limit, excluded_post=None)
        return SimilarPosts(posts, self._pending_count(model, viewer))

    def _pending_count(self, model: str | None, viewer: UserId | None) -> int:
        tables = self._store.committed
        images = (
            image.understanding[Task.CLASSIFICATION]
            for image in tables.images.values()
            if image.post_id is not None
            and is_discoverable(tables, viewer, tables.posts[image.post_id])
            and not is_image_hidden(tables, image)
        )
        return min(sum(row.is_outstanding_for(model) for row in images), MAX_PENDING)

    def _find_nearest(
        self, embedding: Embedding, model: str, viewer: UserId | None, limit: int, excluded_post: PostId | None
    ) -> Sequence[SimilarPost]:
        tables = self._store.committed
        views = Views(tables, viewer)
        nearest: dict[PostId, tuple[float, ImageId]] = {}
        for distance, image_id, post_id in sorted(self._distances(embedding, model, viewer)):
            if post_id != excluded_post:
                nearest.setdefault(post_id, (distance, image_id))
        return [
            SimilarPost(views.post(tables.posts[post_id]), image_id, distance)
            for post_id, (distance, image_id) in list(nearest.items())[:limit]
        ]

    def _distances(
        self, embedding: Embedding, model: str, viewer: UserId | None
    ) -> Iterator[tuple[float, ImageId, PostId]]:
        tables = self._store.committed
        for image_id, (its_model, its_embedding) in tables.embeddings.items():
            image = tables.images[image_id]
            post_id = image.post_id
            if its_model != model or post_id is None or is_image_hidden(tables, image):
                continue
            if is_discoverable(tables, viewer, tables.posts[post_id]):
                yield cosine_distance(embedding, its_embedding), image_id, post_id


def cosine_distance(one: Embedding, other: Embedding) -> float:
    """Return the cosine distance: 0 for equal directions, never negative by rounding; 1 if one of them is zero."""
    lengths = math.hypot(*one) * math.hypot(*other)
    return max(0.0, 1 - math.fsum(map(float.__mul__, one, other)) / lengths) if lengths else 1.0
