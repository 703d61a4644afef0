"""Users as others see them: bylines, list entries and profiles."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Protocol

from domain.blobs import BlobKey
from domain.errors import NotFound
from domain.ids import ImageId, PostId, UserId
from domain.pages import Page, PageRequest
from domain.users import User, UserNotFound, normalize_login, username_error
from domain.visibility import ViewerRelation, can_see_lists


@dataclass(frozen=True, slots=True)
class Avatar:
    """The avatar image, visible to everybody."""

    image_id: ImageId
    thumb: BlobKey
    medium: BlobKey


@dataclass(frozen=True, slots=True)
class Byline:
    """The author of a post or comment, in short form."""

    id: UserId
    username: str
    display_name: str
    avatar: Avatar | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """The relation of the viewer to a user."""

    follows: bool = False
    followed_by: bool = False
    requested: bool = False
    blocking: bool = False
    muting: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """A user as the viewer sees them. `relation` is None when nobody is signed in."""

    user: User
    avatar: Avatar | None = None
    relation: Relation | None = None

    def is_open_to(self, viewer: UserId | None) -> bool:
        """Whether the viewer may read the user's posts, likes, followers and followees."""
        relation = self.relation or Relation()
        standing = ViewerRelation(self.user.id == viewer, relation.follows, blocked=relation.blocking)
        return can_see_lists(standing, private=self.user.private)


class HiddenLists(NotFound):
    """The viewer may see the profile of this user but not the lists."""

    def __init__(self, profile: Profile) -> None:
        name, blocking = profile.user.username, profile.relation is not None and profile.relation.blocking
        way_out = "you block them; unblock them first" if blocking else "the account is private; follow it to see more"
        super().__init__(f"the lists of {name} are hidden: {way_out}")


class UserReader(Protocol):
    """Users visible to a viewer. Lists leave out users separated from the viewer by a block. Reads run outside any unit
    of work and show every acknowledged write."""

    @abstractmethod
    async def by_username(self, username: str, viewer: UserId | None) -> Profile | None:
        """Return the profile with that normalized name, or None; also None if that user blocks the viewer, unless the
        viewer blocks them too, if the user is suspended, unless the viewer is a moderator, and for others while the
        sign-up waits for approval."""

    @abstractmethod
    async def by_id(self, user_id: UserId, viewer: UserId | None) -> Profile | None:
        """Return the profile with that id, or None; hidden like `by_username`."""

    @abstractmethod
    async def account(self, username: str) -> Profile | None:
        """Return the profile with that normalized name, also of a suspended user and of one whose sign-up waits for
        approval; for operators."""

    @abstractmethod
    async def by_login(self, name_or_email: str) -> User | None:
        """Return the user with that normalized username, or who holds that normalized e-mail, or None."""

    @abstractmethod
    async def followers(self, of: UserId, viewer: UserId | None, page: PageRequest) -> Page[Profile]:
        """Return the followers, newest follow first."""

    @abstractmethod
    async def following(self, of: UserId, viewer: UserId | None, page: PageRequest) -> Page[Profile]:
        """Return the followed users, newest follow first."""

    @abstractmethod
    async def likers(self, post_id: PostId, viewer: UserId | None, page: PageRequest) -> Page[Profile]:
        """Return the users who liked a post, newest like first."""

    @abstractmethod
    async def requesters(self, of: UserId, page: PageRequest) -> Page[Profile]:
        """Return the users who requested to follow, newest request first."""

    @abstractmethod
    async def blocked_by(self, blocker: UserId, page: PageRequest) -> Page[Profile]:
        """Return the blocked users, newest block first."""

    @abstractmethod
    async def muted_by(self, muter: UserId, page: PageRequest) -> Page[Profile]:
        """Return the muted users, newest mute first."""

    @abstractmethod
    async def pending(self, page: PageRequest) -> Page[Profile]:
        """Return the accounts that wait for approval, newest first; for moderators."""

    @abstractmethod
    async def all_users(self, page: PageRequest) -> Page[Profile]:
        """Return all accounts, newest first; for operators."""


async def require_profile(user_reader: UserReader, name: str, viewer: UserId | None = None) -> Profile:
    """Return the profile with that name in any case. Raises `UserNotFound`, without a query for invalid names."""
    username = normalize_login(name)
    profile = None if username_error(username) else await user_reader.by_username(username, viewer)
    if profile is None:
        raise UserNotFound(name)
    return profile


async def require_visible_profile(user_reader: UserReader, name: str, viewer: UserId | None) -> Profile:
    """Return the profile with that name if the viewer may read its lists. Raises `UserNotFound`, `HiddenLists`."""
    profile = await require_profile(user_reader, name, viewer)
    if not profile.is_open_to(viewer):
        raise HiddenLists(profile)
    return profile
