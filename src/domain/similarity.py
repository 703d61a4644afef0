"""Similarity of images by their embeddings."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.ids import ImageId, UserId
from domain.post_views import PostView
from domain.vision import Embedding


@dataclass(frozen=True, slots=True)
class SimilarPost:
    """A post, and its image nearest to the query. `distance` is the cosine distance of the two embeddings: 0 for equal
    directions, 1 for orthogonal ones."""

    view: PostView
    image_id: ImageId
    distance: float


MAX_PENDING = 1_000
"""The maximum count of pending images."""


@dataclass(frozen=True, slots=True)
class SimilarPosts:
    """Posts with similar images by the embeddings of one model. `pending` is the number of images in visible posts that
    this model has not classified yet, up to `MAX_PENDING`. They cannot be found until then."""

    posts: Sequence[SimilarPost]
    pending: int


class Embeddings(Protocol):
    """The embeddings of a unit of work."""

    @abstractmethod
    async def save(self, model: str, embeddings: Mapping[ImageId, Embedding]) -> None:
        """Store the embeddings by `model` (`name@version`). They replace those of an earlier model. Has no effect on
        absent images."""


class SimilarPostReader(Protocol):
    """Visible posts with similar images, most similar first, each post once. Only embeddings of one model are compared.
    Reads run outside any unit of work."""

    @abstractmethod
    async def of_image(self, image_id: ImageId, viewer: UserId | None, limit: int) -> SimilarPosts:
        """Return posts similar to an image, without its own post, by the model of its embedding; none without an
        embedding."""

    @abstractmethod
    async def of_embedding(self, embedding: Embedding, model: str, viewer: UserId | None, limit: int) -> SimilarPosts:
        """Return posts similar to the embedding that `model` computed for another image."""
