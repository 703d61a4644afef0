"""Pictures that look alike to the network, whatever they are."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.ids import ImageId, UserId
from domain.post_views import PostView
from domain.vision import Embedding


@dataclass(frozen=True, slots=True)
class SimilarPost:
    """A post, and the picture in it that is nearest: `distance` is the cosine distance of the two embeddings, 0 for
    the same direction, 1 for nothing in common."""

    view: PostView
    image_id: ImageId
    distance: float


MAX_PENDING = 1_000
"""How far pending images are counted."""


@dataclass(frozen=True, slots=True)
class SimilarPosts:
    """Posts with similar pictures by the embeddings of one model. `pending`: of the images in posts that the viewer may
    see, how many this model has not classified yet, counted up to `MAX_PENDING`; they cannot be found until then."""

    posts: Sequence[SimilarPost]
    pending: int


class Embeddings(Protocol):
    """The embeddings of a unit of work."""

    @abstractmethod
    async def save(self, image_id: ImageId, model: str, embedding: Embedding) -> None:
        """Keep what `model` (`name@version`) saw, instead of what an earlier one did; no effect on an absent image."""


class SimilarPostReader(Protocol):
    """Posts with similar pictures, the most similar first, holding only what the viewer may see; each post once. Only
    embeddings of one model are compared. Reads stand outside any unit of work."""

    @abstractmethod
    async def of_image(self, image_id: ImageId, viewer: UserId | None, limit: int) -> SimilarPosts:
        """Other posts than the image's own, by the model of its embedding; none while it has none."""

    @abstractmethod
    async def of_embedding(self, embedding: Embedding, model: str, viewer: UserId | None, limit: int) -> SimilarPosts:
        """Posts with pictures near what `model` saw in a picture from elsewhere."""
