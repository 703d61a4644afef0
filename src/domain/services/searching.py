"""Search for posts by words and by similar images, and for users by name."""

from collections.abc import Sequence

from domain.errors import Unavailable
from domain.ids import ImageId, UserId
from domain.images import ImageReader, ImageTooLarge, require_image
from domain.limits import Limits
from domain.pages import Page, PageRequest
from domain.profiles import Profile
from domain.search import MAX_PEOPLE, MAX_QUERY, SearchHit, SearchReader, name_key, parse_query
from domain.similarity import SimilarPostReader, SimilarPosts
from domain.text import validate_text
from domain.vision import ImageClassifier, UnusableModel


class Searching:
    def __init__(
        self,
        search_reader: SearchReader,
        image_reader: ImageReader,
        similar_post_reader: SimilarPostReader,
        classifier: ImageClassifier,
        limits: Limits,
    ) -> None:
        self._search_reader = search_reader
        self._image_reader = image_reader
        self._similar_post_reader = similar_post_reader
        self._classifier = classifier
        self._limits = limits

    async def by_words(self, text: str, viewer: UserId | None, page: PageRequest) -> Page[SearchHit]:
        """Return posts with all words of `text`, best score first. Raises `Invalid`."""
        return await self._search_reader.posts(parse_query(text), viewer, page)

    async def people(self, text: str, viewer: UserId | None, limit: int) -> Sequence[Profile]:
        """Return users whose name has the prefix `text`. Raises `Invalid`."""
        prefix = name_key(validate_text("q", text, min_length=1, max_length=MAX_QUERY))
        return await self._search_reader.people(prefix, viewer, min(limit, MAX_PEOPLE))

    async def similar(self, image_id: ImageId, viewer: UserId | None, limit: int) -> SimilarPosts:
        """Return other posts with images similar to this one, most similar first; none before it is classified. Raises
        `ImageNotFound` for an image that the viewer may not see."""
        await require_image(self._image_reader, image_id, viewer)
        return await self._similar_post_reader.of_image(image_id, viewer, limit)

    async def by_image(self, data: bytes, viewer: UserId | None, limit: int) -> SimilarPosts:
        """Return posts with images similar to this encoded image, which is not stored. Raises `ImageTooLarge`,
        `Unavailable`, and what `ImageClassifier.classify` raises for the image."""
        if len(data) > self._limits.max_upload_bytes:
            most = self._limits.max_upload_bytes
            raise ImageTooLarge(
                f"the file has {len(data):,} bytes; at most {most:,} are allowed; make it smaller",
                limit=most,
                actual=len(data),
            )
        try:
            seen = await self._classifier.classify(data, top=1)
        except UnusableModel as error:  # for the operator: its text contains paths
            detail = "the model cannot process images now; try again later"
            raise Unavailable(detail, retry_after=60, operator_detail=error.detail) from error
        return await self._similar_post_reader.of_embedding(seen.embedding, str(seen.model), viewer, limit)
