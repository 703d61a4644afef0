"""Sample data: made-up people, posts, follows and likes, as many as one wants to measure with."""

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
"""Over which posts, follows and likes are spread, up to now."""

RowReporter = Callable[[int], None]
"""So many rows more are there."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How much to make. The same numbers make the same data: who follows and likes whom is drawn by a power law
    (Zipf), so that a few are followed and liked by many and most by few. Raises `Invalid` naming every fault."""

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
        """A post comes with its picture, and that with what is known of it."""
        return self.users + 4 * self.posts + self.likes + self.follows


@dataclass(frozen=True, slots=True)
class SampleSpec:
    """What to make: `first` is there already; the others are `user_0002` and so on, with as many digits as all of them
    need, and have the same password. Every post holds a picture, shown with the bytes of `picture`; its own
    original is as made up as the rest, so no model can look at it."""

    scale: Scale
    first_user: User
    picture: Image
    max_follows: int
    now: datetime


class NotEmpty(Conflict):
    code = "not_empty"

    def __init__(self) -> None:
        super().__init__(
            "there are people here already; sample data is for an empty database: set TINTYPE_HOME or "
            "TINTYPE_DATABASE_URL to another one"
        )


class SampleData(Protocol):
    @abstractmethod
    async def check_empty(self) -> None:
        """Raises `NotEmpty` when anybody has an account, `Unavailable` where nothing would last."""

    @abstractmethod
    async def fill(self, sample: SampleSpec, advance: RowReporter) -> None:
        """Make all of it, or nothing, with exact counters."""


def _range_error(field: str, number: int, minimum: int, maximum: int) -> FieldError | None:
    if number < minimum:
        return FieldError(field, "too_small", f"is {number}; at least {minimum} are needed", minimum, number)
    if number > maximum:
        return FieldError(field, "too_large", f"is {number}; at most {maximum:,} make sense here", maximum, number)
    return None
