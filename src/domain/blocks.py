"""Blocks and mutes: whom a person does not want to meet, and whom they do not want to be shown."""

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
        super().__init__("you block this person; unblock them first")


class Blocks(Protocol):
    """The blocks of a unit of work. Between two of whom one blocks the other, neither sees anything of the other's; the
    one who blocks still finds the other's profile, to unblock them."""

    @abstractmethod
    async def add(self, blocker: UserId, blocked: UserId, now: datetime) -> bool:
        """Block, and end follows and requests between the two, with their counts; False when it already stood. Raises
        `UserNotFound` when either account has just gone."""

    @abstractmethod
    async def remove(self, blocker: UserId, blocked: UserId) -> bool:
        """Unblock; False when there was nothing to undo. Follows do not come back."""


class Mutes(Protocol):
    """The mutes of a unit of work. A muted person's posts stand in no list that mixes people (feed, newest, rankings,
    search); whoever asks for them still sees them."""

    @abstractmethod
    async def add(self, muter: UserId, muted: UserId, now: datetime) -> bool:
        """Mute; False when it already stood. Raises `UserNotFound` when either account has just gone."""

    @abstractmethod
    async def remove(self, muter: UserId, muted: UserId) -> bool:
        """Unmute; False when there was nothing to undo."""
