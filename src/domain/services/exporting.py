"""Export of an account: everything that belongs to it, page by page."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from domain.blobs import BlobMissing, BlobStore
from domain.comments import Comment, CommentReader
from domain.consent import Consent
from domain.ids import PostId, UserId
from domain.images import Image, ImageReader
from domain.pages import Page, PageRequest
from domain.post_views import PostReader, PostView
from domain.profiles import Profile, UserReader
from domain.unit_of_work import UnitOfWorkFactory
from domain.users import UserNotFound

T = TypeVar("T")
MAX_PAGE = 100


@dataclass(frozen=True, slots=True)
class ExportedAccount:
    """The account itself. `avatar` is None without one."""

    profile: Profile
    consent: Consent
    avatar: Image | None


class Exporting:
    """Lists are complete and newest first. They show what the user may see."""

    def __init__(
        self,
        begin: UnitOfWorkFactory,
        user_reader: UserReader,
        post_reader: PostReader,
        image_reader: ImageReader,
        comment_reader: CommentReader,
        blobs: BlobStore,
    ) -> None:
        self._begin = begin
        self._user_reader = user_reader
        self._post_reader = post_reader
        self._image_reader = image_reader
        self._comment_reader = comment_reader
        self._blobs = blobs

    async def account(self, user_id: UserId) -> ExportedAccount:
        """Return the account. Raises `UserNotFound`."""
        profile = await self._user_reader.by_id(user_id, user_id)
        if profile is None:
            raise UserNotFound
        async with self._begin() as uow:
            consent = await uow.consents.get(user_id)
        avatar_id = profile.user.avatar_image_id
        return ExportedAccount(
            profile, consent, await self._image_reader.by_id(avatar_id, user_id) if avatar_id else None
        )

    async def original(self, image: Image) -> bytes | None:
        """Return the bytes of an own image; None for a quarantined one, which nobody receives, and if the file is
        lost."""
        if image.quarantined:
            return None
        try:
            return await self._blobs.get(image.original)
        except BlobMissing:
            return None

    def posts(self, user_id: UserId) -> AsyncIterator[PostView]:
        """Yield the posts of the user, also those that a decision hides."""
        return _every(lambda page: self._post_reader.of_author(user_id, user_id, page))

    def comments(self, user_id: UserId) -> AsyncIterator[Comment]:
        """Yield the comments that the user wrote."""
        return _every(lambda page: self._comment_reader.of_author(user_id, page))

    async def post(self, post_id: PostId, user_id: UserId) -> PostView | None:
        """Return a post that the user commented on; None if it is hidden from the user."""
        return await self._post_reader.by_id(post_id, user_id)

    def liked(self, user_id: UserId) -> AsyncIterator[PostView]:
        """Yield the posts that the user likes."""
        return _every(lambda page: self._post_reader.liked_by(user_id, user_id, page))

    def following(self, user_id: UserId) -> AsyncIterator[Profile]:
        return _every(lambda page: self._user_reader.following(user_id, user_id, page))

    def followers(self, user_id: UserId) -> AsyncIterator[Profile]:
        return _every(lambda page: self._user_reader.followers(user_id, user_id, page))

    def blocked(self, user_id: UserId) -> AsyncIterator[Profile]:
        return _every(lambda page: self._user_reader.blocked_by(user_id, page))

    def muted(self, user_id: UserId) -> AsyncIterator[Profile]:
        return _every(lambda page: self._user_reader.muted_by(user_id, page))


async def _every(fetch: Callable[[PageRequest], Awaitable[Page[T]]]) -> AsyncIterator[T]:
    """Yield the items of all pages."""
    request = PageRequest(MAX_PAGE)
    while True:
        page = await fetch(request)
        for item in page.items:
            yield item
        if page.next is None:
            return
        request = PageRequest(MAX_PAGE, page.next)
