import math
from collections.abc import Iterator, Sequence

from adapters.memory.store import MemoryStore
from adapters.memory.views import Views, is_listed
from domain.ids import ImageId, PostId, UserId
from domain.similarity import MOST_PENDING, Lookalike, Lookalikes, SimilarPosts
from domain.understanding import Task
from domain.vision import Embedding


class MemoryLookalikes(Lookalikes):
    """By brute force, and so the measure of what an index finds."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def of_image(self, image_id: ImageId, viewer: UserId | None, limit: int) -> SimilarPosts:
        tables = self._store.committed
        known = tables.embeddings.get(image_id)
        if known is None:
            return SimilarPosts([], self._pending(None, viewer))
        model, embedding = known
        posts = self._nearest(embedding, model, viewer, limit, apart_from=tables.images[image_id].post_id)
        return SimilarPosts(posts, self._pending(model, viewer))

    async def of_embedding(self, embedding: Embedding, model: str, viewer: UserId | None, limit: int) -> SimilarPosts:
        posts = self._nearest(embedding, model, viewer, limit, apart_from=None)
        return SimilarPosts(posts, self._pending(model, viewer))

    def _pending(self, model: str | None, viewer: UserId | None) -> int:
        tables = self._store.committed
        shown = (
            image.understanding[Task.CLASSIFICATION]
            for image in tables.images.values()
            if image.post_id is not None and is_listed(tables, viewer, tables.posts[image.post_id])
        )
        return min(sum(row.awaits(model) for row in shown), MOST_PENDING)

    def _nearest(
        self, embedding: Embedding, model: str, viewer: UserId | None, limit: int, apart_from: PostId | None
    ) -> Sequence[Lookalike]:
        tables = self._store.committed
        views = Views(tables, viewer)
        nearest: dict[PostId, tuple[float, ImageId]] = {}
        for distance, image_id, post_id in sorted(self._distances(embedding, model, viewer)):
            if post_id != apart_from:
                nearest.setdefault(post_id, (distance, image_id))
        return [
            Lookalike(views.post(tables.posts[post_id]), image_id, distance)
            for post_id, (distance, image_id) in list(nearest.items())[:limit]
        ]

    def _distances(
        self, embedding: Embedding, model: str, viewer: UserId | None
    ) -> Iterator[tuple[float, ImageId, PostId]]:
        tables = self._store.committed
        for image_id, (its_model, its_embedding) in tables.embeddings.items():
            post_id = tables.images[image_id].post_id
            if its_model == model and post_id is not None and is_listed(tables, viewer, tables.posts[post_id]):
                yield cosine_distance(embedding, its_embedding), image_id, post_id


def cosine_distance(one: Embedding, other: Embedding) -> float:
    """0 for the same direction, never less by rounding; 1, nothing in common, where one of them has none."""
    lengths = math.hypot(*one) * math.hypot(*other)
    return max(0.0, 1 - math.fsum(map(float.__mul__, one, other)) / lengths) if lengths else 1.0
