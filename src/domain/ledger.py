"""The ledger of caption costs: one row for each paid call, and budgets that are checked before a call."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from domain.blobs import BlobKey
from domain.captions import CaptionDraft, TokenUsage
from domain.errors import TooMany
from domain.ids import CallId, ImageId, UserId

MILLION = 1_000_000


class CallOutcome(StrEnum):
    """The outcome of a call. `OPEN` counts with its estimate until it is settled, and permanently if its worker
    died."""

    OPEN = "open"
    ANSWERED = "answered"
    DECLINED = "declined"
    UNUSABLE = "unusable"
    LOST = "lost"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class CaptionKey:
    """The key under which a caption is paid for once. `image` is the SHA-256 of the upload, so all users share it."""

    image: BlobKey
    model: str
    prompt_version: str


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens."""

    tokens_in: Decimal
    tokens_out: Decimal

    def cost_of(self, usage: TokenUsage) -> Decimal:
        """Return the cost in US dollars, exactly."""
        return (self.tokens_in * usage.tokens_in + self.tokens_out * usage.tokens_out) / MILLION


Prices = Mapping[str, Price]
"""The prices, by the name of the model."""


@dataclass(frozen=True, slots=True)
class Call:
    """A row of the ledger. It refers to image and user by id only and outlives both. `usd` is the estimate while the
    call is open or its cost is unknown, then the cost."""

    id: CallId
    key: CaptionKey
    image_id: ImageId
    user_id: UserId
    began_at: datetime
    usd: Decimal
    usage: TokenUsage | None = None
    outcome: CallOutcome = CallOutcome.OPEN

    def mark_answered(self, draft: CaptionDraft, price: Price) -> "Call":
        outcome = CallOutcome.DECLINED if draft.declined else CallOutcome.ANSWERED
        return self._bill(outcome, draft.usage, price)

    def mark_unusable(self, usage: TokenUsage | None, price: Price) -> "Call":
        return self._bill(CallOutcome.UNUSABLE, usage, price)

    def mark_lost(self) -> "Call":
        """Mark the call as possibly billed. It keeps counting with its estimate."""
        return replace(self, outcome=CallOutcome.LOST)

    def mark_failed(self) -> "Call":
        """Mark the call as rejected before any work, which costs nothing."""
        return replace(self, outcome=CallOutcome.FAILED, usd=Decimal(0))

    def _bill(self, outcome: CallOutcome, usage: TokenUsage | None, price: Price) -> "Call":
        """Set the cost from the price, or keep the estimate if the service reports no usage."""
        usd = self.usd if usage is None else price.cost_of(usage)
        return replace(self, outcome=outcome, usage=usage, usd=usd)


@dataclass(frozen=True, slots=True)
class Spending:
    """The spending of one UTC day: of all users, of one user (0 if none was named), and the number of all calls."""

    usd: Decimal = Decimal(0)
    by_user: Decimal = Decimal(0)
    calls: int = 0


@dataclass(frozen=True, slots=True)
class CallStanding:
    """What decides about a new call: whether a call for the same key is in progress, and the spending of the day."""

    in_progress: bool
    spent: Spending


class BudgetExhausted(TooMany):
    """The budget of the day is used up. The next day begins at midnight UTC."""

    code = "budget_exhausted"


@dataclass(frozen=True, slots=True)
class Budget:
    """US dollars for each UTC day: in total, and for one user's images."""

    daily: Decimal
    per_user: Decimal

    def admit(self, usd: Decimal, spent: Spending, now: datetime) -> None:
        """Raise `BudgetExhausted` unless a call of at most `usd` fits into the rest of both budgets."""
        for whose, limit, used in (("everybody", self.daily, spent.usd), ("one person", self.per_user, spent.by_user)):
            if used + usd > limit:
                wait = (start_of_next_day(now) - now).total_seconds()
                detail = (
                    f"today's captions for {whose} have cost {used} of {limit} US dollars; they continue tomorrow (UTC)"
                )
                raise BudgetExhausted(detail, retry_after=wait, limit=str(limit), actual=str(used))


def start_of_day(now: datetime) -> datetime:
    """Return the beginning of the UTC day of `now`."""
    return datetime.combine(now.astimezone(UTC).date(), time(), UTC)


def start_of_next_day(now: datetime) -> datetime:
    return start_of_day(now) + timedelta(days=1)


class Ledger(Protocol):
    """The ledger of a unit of work."""

    @abstractmethod
    async def spending(self, day: datetime, user_id: UserId | None = None) -> Spending:
        """Return the cost of the calls that began on the UTC day starting at `day`. Open calls count with their
        estimates."""

    @abstractmethod
    async def standing(self, key: CaptionKey, user_id: UserId, day: datetime, since: datetime) -> CallStanding:
        """Return what decides about a new call for `key`. `day` and `user_id` are those of `spending`; calls that began
        until `since` are not in progress. Only one unit of work at a time has a standing, so that workers together
        neither exceed the budget nor pay twice for an answer."""

    @abstractmethod
    async def save(self, call: Call) -> None:
        """Insert or replace the call."""


class CaptionCache(Protocol):
    """Paid answers, shared by all users who have the image."""

    @abstractmethod
    async def find(self, key: CaptionKey) -> CaptionDraft | None:
        """Return the answer without its `usage`, or None."""

    @abstractmethod
    async def save(self, key: CaptionKey, draft: CaptionDraft) -> None:
        """Store the answer. It replaces an older one."""

    @abstractmethod
    async def delete(self, image: BlobKey) -> None:
        """Delete every answer about this image."""

    @abstractmethod
    async def delete_unreferenced(self) -> int:
        """Delete the answers about images that no longer exist. Return their number."""
