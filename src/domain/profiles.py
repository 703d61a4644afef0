"""People as others see them: beside what they made, in lists, as a profile."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Protocol

from domain.blobs import BlobKey
from domain.errors import NotFound
from domain.ids import ImageId, PostId, UserId
from domain.pages import Page, PageRequest
from domain.users import User, UserNotFound, normalize_login, username_error
from domain.visibility import Standing, can_see_lists


@dataclass(frozen=True, slots=True)
class Avatar:
    """The picture beside a name: served to everybody."""

    image_id: ImageId
    thumb: BlobKey
    medium: BlobKey


@dataclass(frozen=True, slots=True)
class Byline:
    """A person as they stand beside what they made."""

    id: UserId
    username: str
    display_name: str
    avatar: Avatar | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """How the viewer stands to a person."""

    follows: bool = False
    followed_by: bool = False
    requested: bool = False
    blocking: bool = False
    muting: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """A person as a viewer sees them; `relation` is None when nobody is signed in."""

    user: User
    avatar: Avatar | None = None
    relation: Relation | None = None

    def is_open_to(self, viewer: UserId | None) -> bool:
        """Whether the viewer may read what they made and whom they know."""
        relation = self.relation or Relation()
        standing = Standing(self.user.id == viewer, relation.follows, blocked=relation.blocking)
        return can_see_lists(standing, private=self.user.private)


class HiddenLists(NotFound):
    """Of somebody whose profile the viewer sees, and no more."""

    def __init__(self, profile: Profile) -> None:
        name, blocking = profile.user.username, profile.relation is not None and profile.relation.blocking
        way_out = "you block them; unblock them first" if blocking else "the account is private; follow it to see more"
        super().__init__(f"there is nothing of {name} to see here: {way_out}")


class UserReader(Protocol):
    """People as a viewer may see them: no list holds anybody who blocks the viewer or whom the viewer blocks. Reads
    stand outside any unit of work and show every acknowledged write."""

    @abstractmethod
    async def by_username(self, username: str, viewer: UserId | None) -> Profile | None:
        """The profile of that (folded) name, or None: also when that person blocks the viewer, unless
        the viewer blocks them too."""

    @abstractmethod
    async def by_login(self, name_or_email: str) -> User | None:
        """The person with that (folded) username or e-mail, or None."""

    @abstractmethod
    async def followers(self, of: UserId, viewer: UserId | None, page: PageRequest) -> Page[Profile]:
        """Who follows them, newest follow first."""

    @abstractmethod
    async def following(self, of: UserId, viewer: UserId | None, page: PageRequest) -> Page[Profile]:
        """Whom they follow, newest follow first."""

    @abstractmethod
    async def likers(self, post_id: PostId, viewer: UserId | None, page: PageRequest) -> Page[Profile]:
        """Who liked a post, newest like first."""

    @abstractmethod
    async def requesters(self, of: UserId, page: PageRequest) -> Page[Profile]:
        """Who asks to follow them, newest request first."""

    @abstractmethod
    async def blocked_by(self, blocker: UserId, page: PageRequest) -> Page[Profile]:
        """Whom they block, newest block first."""

    @abstractmethod
    async def muted_by(self, muter: UserId, page: PageRequest) -> Page[Profile]:
        """Whom they mute, newest mute first."""

    @abstractmethod
    async def all_users(self, page: PageRequest) -> Page[Profile]:
        """Every account, newest first; for operators."""


async def require_profile(user_reader: UserReader, name: str, viewer: UserId | None = None) -> Profile:
    """The profile of that name in any case. Raises `UserNotFound`, for a name that nobody can have without a look."""
    username = normalize_login(name)
    profile = None if username_error(username) else await user_reader.by_username(username, viewer)
    if profile is None:
        raise UserNotFound(name)
    return profile


async def require_visible_profile(user_reader: UserReader, name: str, viewer: UserId | None) -> Profile:
    """The profile of that name, whose lists the viewer may read. Raises `UserNotFound`, and `HiddenLists`."""
    profile = await require_profile(user_reader, name, viewer)
    if not profile.is_open_to(viewer):
        raise HiddenLists(profile)
    return profile
