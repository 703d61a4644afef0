"""Sample data: generated users, posts, follows and likes, for measurements."""

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from domain.errors import Conflict, FieldError, Invalid
from domain.images import Image
from domain.users import User

MAX_ROWS = 1_000_000_000
TIME_SPAN = timedelta(days=365)
"""The time up to now over which posts, follows and likes are spread."""

RowReporter = Callable[[int], None]
"""Receives the number of rows added since the last call."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The size of the sample. Equal numbers give equal data. Followers and likes are drawn from a power law (Zipf): a
    few users and posts get many, most get few. Raises `Invalid` with every error."""

    users: int
    posts: int
    likes: int
    follows: int
    seed: int = 1

    def __post_init__(self) -> None:
        faults = [
            _range_error("users", self.users, minimum=2, maximum=MAX_ROWS),
            _range_error("posts", self.posts, minimum=1, maximum=MAX_ROWS),
            _range_error("likes", self.likes, minimum=0, maximum=self.posts * self.users // 2),
            _range_error("follows", self.follows, minimum=0, maximum=self.users * (self.users - 1) // 2),
            _range_error("seed", self.seed, minimum=0, maximum=2**32),
        ]
        if errors := tuple(fault for fault in faults if fault):
            raise Invalid.of(*errors)

    @property
    def rows(self) -> int:
        """Return the number of rows. A post includes its search document, its image and that image's analysis."""
        return self.users + 5 * self.posts + self.likes + self.follows


@dataclass(frozen=True, slots=True)
class SampleSpec:
    """What to generate. `first` exists already; the others are `user_0002` and so on, with as many digits as all need,
    and have the same password. Every post has an image that is served with the bytes of `image`. Its original is
    invented too, so no model can process it."""

    scale: Scale
    first_user: User
    image: Image
    max_follows: int
    now: datetime


class NotEmpty(Conflict):
    code = "not_empty"

    def __init__(self, remedy: str) -> None:
        super().__init__(f"the database has accounts already; sample data needs an empty database: {remedy}")


class SampleData(Protocol):
    @abstractmethod
    async def check_empty(self) -> None:
        """Raise `NotEmpty` when any account exists, `Unavailable` where nothing would be stored durably."""

    @abstractmethod
    async def fill(self, sample: SampleSpec, advance: RowReporter) -> None:
        """Insert everything or nothing, with exact counters."""


def _range_error(field: str, number: int, minimum: int, maximum: int) -> FieldError | None:
    if number < minimum:
        return FieldError(field, "too_small", f"is {number}; at least {minimum} are needed", minimum, number)
    if number > maximum:
        return FieldError(field, "too_large", f"is {number}; at most {maximum:,} are allowed", maximum, number)
    return None
