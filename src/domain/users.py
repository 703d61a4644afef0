"""People: who they are, how they sign in, and what others see of them."""

import re
from abc import abstractmethod
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from domain.errors import Conflict, FieldError, Invalid, NotFound
from domain.ids import ImageId, UserId
from domain.names import display_name_error, reserved_name_error
from domain.passwords import password_error, prepare_password
from domain.text import text_error

MAX_BIO = 500
MAX_EMAIL = 254
MAX_QUOTED = 60
"""Characters of a wrong name that are repeated to whoever gave it."""
NAME_RESERVATION = timedelta(days=30)
"""How long a deleted account's name cannot be taken by another."""

_USERNAME = re.compile(r"[a-z0-9_]{3,30}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


class Role(StrEnum):
    USER = "user"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class User:
    """A person. `username` and `email` are stored in lower case; counts are exact and the same for every viewer."""

    id: UserId
    username: str
    email: str
    password_hash: str = field(repr=False)
    display_name: str
    created_at: datetime
    bio: str = ""
    avatar_image_id: ImageId | None = None
    private: bool = False
    role: Role = Role.USER
    followers_count: int = 0
    following_count: int = 0
    posts_count: int = 0

    def with_changes(self, changes: "ProfileChanges") -> "User":
        """With the changes that were given."""
        return replace(
            self,
            display_name=changes.display_name if changes.display_name is not None else self.display_name,
            bio=changes.bio if changes.bio is not None else self.bio,
            avatar_image_id=None if changes.remove_avatar else changes.avatar_image_id or self.avatar_image_id,
        )


@dataclass(frozen=True, slots=True)
class SignUp:
    """What a newcomer gives. Cannot be built wrong: every fault is named at once. Reserved names are for operators."""

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
            _email_error(self.email),
            password_error("password", self.password),
            display_name_error(self.display_name)
            or (reserved_name_error("display_name", self.display_name) if open_to_all else None),
        )
        if errors := tuple(error for error in faults if error):
            raise Invalid.of(*errors)


@dataclass(frozen=True, slots=True)
class ProfileChanges:
    """An edit of one's own profile; None leaves a field as it is."""

    display_name: str | None = None
    bio: str | None = None
    avatar_image_id: ImageId | None = None
    remove_avatar: bool = False
    private: bool | None = None

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
        super().__init__(f"{email} already has an account; give another address", field="email", actual=email)


class UserNotFound(NotFound):
    def __init__(self, username: str | None = None) -> None:
        whom = f"there is no account {username[:MAX_QUOTED]!r}" if username else "there is no such account any more"
        super().__init__(f"{whom}; names are 3-30 characters of a-z, 0-9 and _")


class Users(Protocol):
    """The people of a unit of work."""

    @abstractmethod
    async def add(self, user: User, now: datetime) -> None:
        """Store a new person. Raises `UsernameTaken` (also while the name is reserved after a deletion, and when both
        are taken) or `EmailTaken`; the unit of work cannot be committed after either."""

    @abstractmethod
    async def get(self, user_id: UserId) -> User | None:
        """The person, locked against concurrent change until the unit of work ends; None when absent."""

    @abstractmethod
    async def save(self, user: User) -> None:
        """Store profile, role and password hash as they stand on `user`; counts are not written, nor `private`."""

    @abstractmethod
    async def set_private(self, user_id: UserId, now: datetime, *, private: bool) -> None:
        """Hide what they post from all but their followers, or show what is public again and make every request to
        follow them a follow. Call it first in a unit of work."""

    @abstractmethod
    async def delete(self, user_id: UserId, reserved_until: datetime) -> None:
        """Remove a person with everything of theirs (posts, images, comments, likes, follows, tokens) and what these
        added to others' counts; the username stays reserved until then. Idempotent."""


def normalize_login(name: str) -> str:
    """A username or e-mail as it is stored and compared."""
    return name.strip().lower()


def username_error(username: str) -> FieldError | None:
    """What is wrong with a folded username, or None."""
    error = text_error("username", username, min_length=3, max_length=30)
    if error or _USERNAME.fullmatch(username):
        return error
    return FieldError("username", "bad_format", "may hold only a-z, 0-9 and _", "a-z 0-9 _", username)


def _email_error(email: str) -> FieldError | None:
    error = text_error("email", email, min_length=3, max_length=MAX_EMAIL)
    if error or _EMAIL.fullmatch(email):
        return error
    return FieldError("email", "bad_format", "is no e-mail address (name@host.tld)", actual=email)
