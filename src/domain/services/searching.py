"""Searching: posts by words and by what their pictures look like, people by name."""

from collections.abc import Sequence

from domain.errors import NotFound, Unavailable
from domain.ids import ImageId, UserId
from domain.images import Gallery, ImageTooLarge
from domain.limits import Limits
from domain.pages import Page, PageRequest
from domain.people import Profile
from domain.search import MAX_QUERY, MOST_PEOPLE, Hit, Search, name_key, question
from domain.similarity import Lookalikes, SimilarPosts
from domain.text import checked
from domain.vision import ImageClassifier, UnusableModel


class Searching:
    def __init__(
        self, search: Search, gallery: Gallery, lookalikes: Lookalikes, classifier: ImageClassifier, limits: Limits
    ) -> None:
        self._search = search
        self._gallery = gallery
        self._lookalikes = lookalikes
        self._classifier = classifier
        self._limits = limits

    async def by_words(self, text: str, viewer: UserId | None, page: PageRequest) -> Page[Hit]:
        """Posts that hold all words of `text` in what is said of them, the best first. Raises `Invalid`."""
        return await self._search.posts(question(text), viewer, page)

    async def people(self, text: str, viewer: UserId | None, limit: int) -> Sequence[Profile]:
        """People whose name begins like `text`. Raises `Invalid`."""
        prefix = name_key(checked("q", text, least=1, most=MAX_QUERY))
        return await self._search.people(prefix, viewer, min(limit, MOST_PEOPLE))

    async def similar(self, image_id: ImageId, viewer: UserId | None, limit: int) -> SimilarPosts:
        """Other posts with pictures like this one, the most similar first; none before it was classified. Raises
        `NotFound` for an image that the viewer may not see."""
        if await self._gallery.image(image_id, viewer) is None:
            raise NotFound("there is no such image; it may have been deleted, or it is in no post and not yours")
        return await self._lookalikes.of_image(image_id, viewer, limit)

    async def by_image(self, data: bytes, viewer: UserId | None, limit: int) -> SimilarPosts:
        """Posts with pictures like this encoded image, which is not kept. Raises `ImageTooLarge`, `Unavailable`,
        and what `ImageClassifier.classify` raises of the image."""
        if len(data) > self._limits.max_upload_bytes:
            most = self._limits.max_upload_bytes
            raise ImageTooLarge(
                f"the file has {len(data):,} bytes; at most {most:,} are taken; make it smaller",
                limit=most,
                actual=len(data),
            )
        try:
            seen = await self._classifier.classify(data, top=1)
        except UnusableModel as error:  # the operator's concern: it names folders
            detail = "the model cannot look at pictures now; try again later"
            raise Unavailable(detail, retry_after=60, inside=error.detail) from error
        return await self._lookalikes.of_embedding(seen.embedding, str(seen.model), viewer, limit)
