"""Rate limits: the table of all rules, and the port that counts uses.

A rate is a leaky bucket (the generic cell rate algorithm): it admits `limit` uses at once, then one every `period /
limit`. One timestamp stores the state: the time at which the bucket is empty.
"""

import math
from abc import abstractmethod
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from domain.errors import TooMany

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Per(StrEnum):
    """The unit for which uses are counted. An account without a session is counted by its address."""

    ACCOUNT = "account"
    ADDRESS = "address"
    NAME = "name"
    DEVICE = "known device"
    IMAGE = "image"


@dataclass(frozen=True, slots=True)
class Rate:
    limit: int
    period: timedelta

    @property
    def interval(self) -> timedelta:
        """Return the time that one use costs."""
        return self.period / self.limit

    @property
    def full_cost(self) -> timedelta:
        """Return the time that all uses cost: the period, except for rounding."""
        return self.interval * self.limit

    def __str__(self) -> str:
        return f"{self.limit} in {_format_duration(self.period)}"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule; `description` states what is counted. With several rates every one must admit a use, so that waiting
    times grow with the number of uses."""

    name: str
    description: str
    per: Per
    rates: tuple[Rate, ...]


@dataclass(frozen=True, slots=True)
class ConcurrencyLimit:
    """The maximum number of slots that an account may hold at the same time. Use of a slot extends its lease. The slot
    of a killed process is free after `lease`."""

    name: str
    description: str
    slots: int
    lease: timedelta


SIGN_IN_NAME = Rule(
    "sign_in_name",
    "attempts to sign in to this account from an unknown device",
    Per.NAME,
    (Rate(5, MINUTE), Rate(10, 15 * MINUTE), Rate(20, HOUR), Rate(50, DAY)),
)
SIGN_IN_ADDRESS = Rule(
    "sign_in_address",
    "attempts to sign in from your address",
    Per.ADDRESS,
    (Rate(30, MINUTE), Rate(100, HOUR), Rate(500, DAY)),
)
SIGN_IN_DEVICE = Rule(
    "sign_in_device", "attempts to sign in from this device", Per.DEVICE, (Rate(10, MINUTE), Rate(30, HOUR))
)
CONFIRM_PASSWORD = Rule(
    "confirm_password", "attempts to confirm your password", Per.ACCOUNT, (Rate(5, MINUTE), Rate(20, HOUR))
)
SECOND_FACTOR = Rule(
    "second_factor",
    "attempts to enter a second factor",
    Per.ACCOUNT,
    (Rate(5, MINUTE), Rate(20, HOUR), Rate(50, DAY)),
)
CHANGE_FACTORS = Rule(
    "change_factors", "changes of your second factors", Per.ACCOUNT, (Rate(10, MINUTE), Rate(60, HOUR))
)
PASSKEY_SIGN_IN = Rule(
    "passkey_sign_in", "sign-ins with a passkey from your address", Per.ADDRESS, (Rate(30, MINUTE), Rate(500, DAY))
)
PROVIDER_SIGN_IN = Rule(
    "provider_sign_in", "sign-ins with a provider from your address", Per.ADDRESS, (Rate(30, MINUTE), Rate(500, DAY))
)
SIGN_UP = Rule("sign_up", "new accounts from your address", Per.ADDRESS, (Rate(20, HOUR), Rate(60, DAY)))
RESET_PASSWORD = Rule(
    "reset_password", "requests to reset a password from your address", Per.ADDRESS, (Rate(10, HOUR), Rate(30, DAY))
)
PROVE_EMAIL = Rule("prove_email", "requests for messages to your e-mail", Per.ACCOUNT, (Rate(5, HOUR), Rate(20, DAY)))
RECIPIENT = Rule("recipient", "requests for messages to this e-mail address", Per.NAME, (Rate(5, HOUR), Rate(15, DAY)))
USE_LINK = Rule("use_link", "uses of links from your address", Per.ADDRESS, (Rate(30, HOUR),))
CHALLENGE = Rule("challenge", "requests for the state of sign-up", Per.ADDRESS, (Rate(60, MINUTE),))
PUBLISH_TERMS = Rule("publish_terms", "new versions of the terms", Per.ACCOUNT, (Rate(10, HOUR),))
INVITE = Rule("invite", "new invitations", Per.ACCOUNT, (Rate(20, MINUTE), Rate(200, DAY)))
MODERATE_SIGN_UP = Rule("moderate_sign_up", "approvals and refusals of sign-ups", Per.ACCOUNT, (Rate(120, MINUTE),))
UPLOAD = Rule("upload", "uploads", Per.ACCOUNT, (Rate(120, MINUTE),))
POST = Rule("post", "posts", Per.ACCOUNT, (Rate(20, MINUTE), Rate(500, DAY)))
COMMENT = Rule("comment", "comments", Per.ACCOUNT, (Rate(20, MINUTE), Rate(1000, DAY)))
FOLLOW = Rule("follow", "follows and their withdrawals", Per.ACCOUNT, (Rate(60, MINUTE), Rate(2000, DAY)))
LIKE = Rule("like", "likes and their withdrawals", Per.ACCOUNT, (Rate(120, MINUTE),))
BLOCK = Rule("block", "blocks, mutes and their withdrawals", Per.ACCOUNT, (Rate(60, MINUTE),))
REPORT = Rule("report", "reports", Per.ACCOUNT, (Rate(10, MINUTE), Rate(100, DAY)))
APPEAL = Rule("appeal", "appeals", Per.ACCOUNT, (Rate(10, HOUR),))
MODERATE = Rule("moderate", "decisions of a moderator", Per.ACCOUNT, (Rate(120, MINUTE),))
SEARCH = Rule("search", "searches", Per.ACCOUNT, (Rate(60, MINUTE),))
SEARCH_BY_IMAGE = Rule("search_by_image", "searches by image", Per.ACCOUNT, (Rate(10, MINUTE), Rate(200, HOUR)))
REPEAT_ANALYSIS = Rule("ask_again", "requests to analyse this image again", Per.IMAGE, (Rate(1, MINUTE),))
ANSWER = Rule("answer", "answers about sensitive media", Per.ACCOUNT, (Rate(120, MINUTE),))

STREAMS = ConcurrencyLimit("streams", "open notification streams", 5, 2 * MINUTE)

RULES = (
    SIGN_IN_NAME,
    SIGN_IN_ADDRESS,
    SIGN_IN_DEVICE,
    CONFIRM_PASSWORD,
    SECOND_FACTOR,
    CHANGE_FACTORS,
    PASSKEY_SIGN_IN,
    PROVIDER_SIGN_IN,
    SIGN_UP,
    RESET_PASSWORD,
    PROVE_EMAIL,
    RECIPIENT,
    USE_LINK,
    CHALLENGE,
    PUBLISH_TERMS,
    INVITE,
    MODERATE_SIGN_UP,
    UPLOAD,
    POST,
    COMMENT,
    FOLLOW,
    LIKE,
    BLOCK,
    REPORT,
    APPEAL,
    MODERATE,
    SEARCH,
    SEARCH_BY_IMAGE,
    REPEAT_ANALYSIS,
    ANSWER,
)
"""Every rule. docs/operations.md contains the same table, and a test compares the two."""


@dataclass(frozen=True, slots=True)
class RateUsage:
    """The used part of a rate at `now`. At `free_at` nothing of it is used."""

    rate: Rate
    free_at: datetime
    now: datetime
    admitted: bool

    @property
    def used_count(self) -> int:
        return max(0, math.ceil((self.free_at - self.now) / self.rate.interval))

    @property
    def remaining(self) -> int:
        return max(0, self.rate.limit - self.used_count)

    @property
    def reset_after(self) -> float:
        """Return the seconds until nothing is used."""
        return max(0.0, (self.free_at - self.now).total_seconds())

    @property
    def retry_after(self) -> float:
        """Return the seconds until another use is admitted."""
        return max(0.0, (self.free_at + self.rate.interval - self.rate.full_cost - self.now).total_seconds())


class RateLimited(TooMany):
    """A use was rejected by a rule."""

    def __init__(self, description: str, usage: RateUsage) -> None:
        self.usage = usage
        seconds = max(1, math.ceil(usage.retry_after))
        wait = _format_duration(timedelta(seconds=seconds))
        super().__init__(
            f"too many {description}: at most {usage.rate} are allowed; try again in {wait}",
            retry_after=seconds,
            limit=usage.rate.limit,
            actual=usage.used_count,
            period_seconds=int(usage.rate.period.total_seconds()),
        )


class NoFreeSlot(TooMany):
    """All slots are in use."""

    def __init__(self, limit: ConcurrencyLimit, retry_after: float) -> None:
        super().__init__(
            f"too many {limit.description}: at most {limit.slots} at the same time; close one, then try again",
            retry_after=retry_after,
            limit=limit.slots,
            actual=limit.slots,
        )


class RateMeter(Protocol):
    """Counts uses, for all processes that share a database."""

    @abstractmethod
    async def hit(self, key: str, rate: Rate, now: datetime) -> RateUsage:
        """Count a use under `key` if `rate` admits it. Concurrent uses together never exceed the rate."""

    @abstractmethod
    async def extend(self, keys: Collection[str], until: datetime) -> None:
        """Count used keys as used until at least that time. Has no effect on keys that were cleared."""

    @abstractmethod
    async def clear(self, *keys: str) -> None:
        """Reset the keys to unused."""

    @abstractmethod
    async def delete_expired(self, now: datetime) -> int:
        """Delete keys without remaining use. Return their number."""


def _format_duration(span: timedelta) -> str:
    seconds = math.ceil(span.total_seconds())
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds // size} {unit}{'s' if seconds > size else ''}"
    if seconds > 120:  # noqa: PLR2004 — from two minutes up, minutes are precise enough
        return f"{math.ceil(seconds / 60)} minutes"
    return f"{seconds} second{'s' if seconds != 1 else ''}"
