"""Blocks and mutes between users."""

from abc import abstractmethod
from datetime import datetime
from typing import Protocol

from domain.errors import Forbidden, Invalid
from domain.ids import UserId


class CannotBlockSelf(Invalid):
    code = "cannot_block_self"


class CannotMuteSelf(Invalid):
    code = "cannot_mute_self"


class UserBlocked(Forbidden):
    def __init__(self) -> None:
        super().__init__("you block this user; unblock them first")


class Blocks(Protocol):
    """The blocks of a unit of work. If one of two users blocks the other, neither sees the other's content. The blocker
    still finds the profile of the blocked user, so that they can unblock."""

    @abstractmethod
    async def add(self, blocker: UserId, blocked: UserId, now: datetime) -> bool:
        """Block a user. End follows and follow requests between the two and adjust their counts. Return False if the
        block existed already. Raises `UserNotFound` when either account was deleted meanwhile."""

    @abstractmethod
    async def remove(self, blocker: UserId, blocked: UserId) -> bool:
        """Remove the block. Return False if there was none. Follows are not restored."""


class Mutes(Protocol):
    """The mutes of a unit of work. Posts of a muted user are left out of lists that mix authors (feed, newest,
    rankings, search). The user's own page still shows them."""

    @abstractmethod
    async def add(self, muter: UserId, muted: UserId, now: datetime) -> bool:
        """Mute a user. Return False if the mute existed already. Raises `UserNotFound` when either account was deleted
        meanwhile."""

    @abstractmethod
    async def remove(self, muter: UserId, muted: UserId) -> bool:
        """Remove the mute. Return False if there was none."""
