"""Users: identity, credentials and profile."""

import re
from abc import abstractmethod
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

import regex

from domain.errors import Conflict, FieldError, Invalid, NotFound
from domain.ids import ImageId, UserId
from domain.names import display_name_error, reserved_name_error
from domain.passwords import password_error, prepare_password
from domain.posts import SensitiveMedia, Visibility
from domain.roles import Role
from domain.text import text_error

MAX_BIO = 500
MAX_EMAIL = 254
MAX_QUOTED = 60
"""Maximum number of characters of an invalid name that an error message repeats."""
NAME_RESERVATION = timedelta(days=30)
"""How long the name of a deleted account cannot be used by others."""

_USERNAME = re.compile(r"[a-z0-9_]{3,30}")
_LABEL = r"[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?"
_EMAIL = regex.compile(
    rf"[^\s@<>()\[\]\\,;:\"\p{{Cc}}\p{{Cf}}\p{{Z}}\p{{Default_Ignorable_Code_Point}}]+@(?:{_LABEL}\.)+{_LABEL}",
    regex.V1,
)


class EmailStatus(StrEnum):
    """What is known of a user's address. Anyone may claim any address. A held address belongs to one account, which
    signs in with it. A verified one is held, and a link sent to it was used. `BY_LOGIN` in
    `adapters/postgres/user_reader.py` mirrors `holds_email`."""

    CLAIMED = "claimed"
    HELD = "held"
    VERIFIED = "verified"


@dataclass(frozen=True, slots=True)
class User:
    """A user. `username` and `email` are stored in lower case. Counts are exact and equal for every viewer. A private
    account shows all its posts to followers only, whatever a post states; `follow_approval` says nothing about posts.
    `default_visibility` is that of posts published without one. `sensitive_media`: how pages show sensitive posts."""

    id: UserId
    username: str
    email: str
    password_hash: str = field(repr=False)
    display_name: str
    created_at: datetime
    bio: str = ""
    avatar_image_id: ImageId | None = None
    private: bool = False
    follow_approval: bool = False
    default_visibility: Visibility = Visibility.PUBLIC
    sensitive_media: SensitiveMedia = SensitiveMedia.BLUR
    role: Role = Role.USER
    followers_count: int = 0
    following_count: int = 0
    posts_count: int = 0
    email_status: EmailStatus = EmailStatus.HELD
    application: str | None = None
    accepted_terms: int | None = None

    @property
    def holds_email(self) -> bool:
        return self.email_status is not EmailStatus.CLAIMED

    @property
    def email_verified(self) -> bool:
        return self.email_status is EmailStatus.VERIFIED

    @property
    def is_pending(self) -> bool:
        """Whether the sign-up waits for approval. `application` is the applicant's reason until then."""
        return self.application is not None

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names that the password must not consist of."""
        return names_of(self.username, self.email, self.display_name)

    @property
    def approves_followers(self) -> bool:
        """Whether a follow is a request first. SQL: `_LOCK_PAIR` in `adapters/postgres/follows.py`."""
        return self.private or self.follow_approval

    def with_changes(self, changes: "ProfileChanges") -> "User":
        """Return the user with the given changes."""
        return replace(
            self,
            display_name=changes.display_name if changes.display_name is not None else self.display_name,
            bio=changes.bio if changes.bio is not None else self.bio,
            avatar_image_id=None if changes.remove_avatar else changes.avatar_image_id or self.avatar_image_id,
            default_visibility=changes.default_visibility or self.default_visibility,
            sensitive_media=changes.sensitive_media or self.sensitive_media,
        )


@dataclass(frozen=True, slots=True)
class SignUp:
    """Validated input for a new account. Raises `Invalid` with every error at once. Reserved names are for
    operators."""

    username: str
    email: str
    password: str = field(repr=False)
    display_name: str | None = None
    role: Role = Role.USER

    def __post_init__(self) -> None:
        object.__setattr__(self, "username", normalize_login(self.username))
        object.__setattr__(self, "email", normalize_login(self.email))
        object.__setattr__(self, "password", prepare_password(self.password))
        open_to_all = self.role is Role.USER
        faults = (
            username_error(self.username) or (reserved_name_error("username", self.username) if open_to_all else None),
            email_error(self.email),
            password_error("password", self.password, names_of(self.username, self.email, self.display_name or "")),
            display_name_error(self.display_name)
            or (reserved_name_error("display_name", self.display_name) if open_to_all else None),
        )
        if errors := tuple(error for error in faults if error):
            raise Invalid.of(*errors)


@dataclass(frozen=True, slots=True)
class ProfileChanges:
    """Changes to one's own profile; None leaves a field unchanged."""

    display_name: str | None = None
    bio: str | None = None
    avatar_image_id: ImageId | None = None
    remove_avatar: bool = False
    private: bool | None = None
    follow_approval: bool | None = None
    default_visibility: Visibility | None = None
    sensitive_media: SensitiveMedia | None = None

    def __post_init__(self) -> None:
        faults = (
            display_name_error(self.display_name),
            text_error("bio", self.bio, max_length=MAX_BIO) if self.bio is not None else None,
        )
        if errors := tuple(error for error in faults if error):
            raise Invalid.of(*errors)


class UsernameTaken(Conflict):
    code = "username_taken"

    def __init__(self, username: str) -> None:
        super().__init__(f"the name {username} is taken; choose another", field="username", actual=username)


class EmailTaken(Conflict):
    code = "email_taken"

    def __init__(self, email: str) -> None:
        super().__init__(f"{email} already has an account; use another address", field="email", actual=email)


class UserNotFound(NotFound):
    def __init__(self, username: str | None = None) -> None:
        whom = f"there is no account {username[:MAX_QUOTED]!r}" if username else "this account no longer exists"
        super().__init__(f"{whom}; names are 3-30 characters of a-z, 0-9 and _")


class Users(Protocol):
    """The users of a unit of work."""

    @abstractmethod
    async def add(self, user: User, now: datetime) -> None:
        """Store a new user. Raises `UsernameTaken` (also while the name is reserved after a deletion, and when both are
        taken) or `EmailTaken`, when two users would hold the address. The unit of work cannot be committed after
        either."""

    @abstractmethod
    async def get(self, user_id: UserId) -> User | None:
        """Return the user, who does not change until the unit of work ends; None when absent."""

    @abstractmethod
    async def save(self, user: User) -> None:
        """Store `user`, except for counts, `private`, `follow_approval`, the address, and what cannot change: the
        username and the time of creation."""

    @abstractmethod
    async def set_email(self, user_id: UserId, email: str, status: EmailStatus) -> None:
        """Store the user's address and its status. Raises `EmailTaken` when another account holds it. The unit of work
        cannot be committed after that."""

    @abstractmethod
    async def set_privacy(
        self, user_id: UserId, now: datetime, *, private: bool | None = None, follow_approval: bool | None = None
    ) -> None:
        """Change who sees the posts of the account and who may follow it; None leaves a value unchanged. If follows
        need no approval any more, all follow requests become follows. Call this first in a unit of work."""

    @abstractmethod
    async def delete(self, user_id: UserId, reserved_until: datetime) -> None:
        """Delete a user with everything they own (posts, images, comments, likes, follows, tokens), and adjust the
        counts of others. The username stays reserved until `reserved_until`. Idempotent."""

    @abstractmethod
    async def delete_expired_reservations(self, now: datetime) -> int:
        """Delete names of deleted accounts that are not reserved any more. Return their number."""


def names_of(username: str, email: str, display_name: str) -> tuple[str, ...]:
    return username, email, email.partition("@")[0], display_name


def normalize_login(name: str) -> str:
    """Return the stored and compared form of a username or e-mail."""
    return name.strip().lower()


def validate_email(text: str) -> str:
    """Return the stored form of an e-mail address. Raises `Invalid`."""
    email = normalize_login(text)
    if error := email_error(email):
        raise Invalid.of(error)
    return email


def username_error(username: str) -> FieldError | None:
    """Return the error of a normalized username, or None."""
    error = text_error("username", username, min_length=3, max_length=30)
    if error or _USERNAME.fullmatch(username):
        return error
    return FieldError("username", "bad_format", "may hold only a-z, 0-9 and _", "a-z 0-9 _", username)


def email_error(email: str) -> FieldError | None:
    """Return the error of a normalized e-mail address, or None."""
    error = text_error("email", email, min_length=3, max_length=MAX_EMAIL)
    if error or _EMAIL.fullmatch(email):
        return error
    return FieldError("email", "bad_format", "is not an e-mail address (name@host.tld)", actual=email)
