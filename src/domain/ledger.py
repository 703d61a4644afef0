"""What captions cost: a row for every paid call, and budgets that stop calls before they are made."""

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
    """What came of a call. `OPEN` counts at its estimate until it is settled, and for ever when its worker died."""

    OPEN = "open"
    ANSWERED = "answered"
    DECLINED = "declined"
    UNUSABLE = "unusable"
    LOST = "lost"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class CaptionKey:
    """What is paid for once: `picture` is the SHA-256 of the upload, whoever uploaded it."""

    picture: BlobKey
    model: str
    prompt_version: str


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens."""

    tokens_in: Decimal
    tokens_out: Decimal

    def cost_of(self, usage: TokenUsage) -> Decimal:
        """US dollars, exactly."""
        return (self.tokens_in * usage.tokens_in + self.tokens_out * usage.tokens_out) / MILLION


Prices = Mapping[str, Price]
"""By the model's name."""


@dataclass(frozen=True, slots=True)
class Call:
    """A row of the ledger. It names image and user by their ids only and outlives both. `usd` is the estimate while
    the call is open and where nobody knows what it cost, then the cost."""

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
        """Perhaps billed: it goes on counting at its estimate."""
        return replace(self, outcome=CallOutcome.LOST)

    def mark_failed(self) -> "Call":
        """Refused before any work was done on it, which costs nothing."""
        return replace(self, outcome=CallOutcome.FAILED, usd=Decimal(0))

    def _bill(self, outcome: CallOutcome, usage: TokenUsage | None, price: Price) -> "Call":
        """At its price; at the estimate where the service does not say what it took."""
        usd = self.usd if usage is None else price.cost_of(usage)
        return replace(self, outcome=outcome, usage=usage, usd=usd)


@dataclass(frozen=True, slots=True)
class Spending:
    """Of one UTC day: by everybody, by one person (0 when nobody was asked about), and the number of all calls."""

    usd: Decimal = Decimal(0)
    by_user: Decimal = Decimal(0)
    calls: int = 0


class BudgetExhausted(TooMany):
    """Nothing is spent beyond the day's budget; a new day begins at midnight UTC."""

    code = "budget_exhausted"


@dataclass(frozen=True, slots=True)
class Budget:
    """US dollars a UTC day: in all, and for one person's pictures."""

    daily: Decimal
    per_user: Decimal

    def admit(self, usd: Decimal, spent: Spending, now: datetime) -> None:
        """Raises `BudgetExhausted` unless a call of `usd` at most fits into what is left of both."""
        for whose, limit, used in (("everybody", self.daily, spent.usd), ("one person", self.per_user, spent.by_user)):
            if used + usd > limit:
                wait = (start_of_next_day(now) - now).total_seconds()
                detail = (
                    f"today's captions for {whose} have cost {used} of {limit} US dollars; they go on tomorrow (UTC)"
                )
                raise BudgetExhausted(detail, retry_after=wait, limit=str(limit), actual=str(used))


def start_of_day(now: datetime) -> datetime:
    """The beginning of its UTC day."""
    return datetime.combine(now.astimezone(UTC).date(), time(), UTC)


def start_of_next_day(now: datetime) -> datetime:
    return start_of_day(now) + timedelta(days=1)


class Ledger(Protocol):
    """The calls of a unit of work."""

    @abstractmethod
    async def lock(self) -> None:
        """Let nobody else hold the ledger until this unit of work ends: what is read of it then stands still."""

    @abstractmethod
    async def spending(self, day: datetime, user_id: UserId | None = None) -> Spending:
        """What the calls that began on the UTC day which begins at `day` cost, open ones by their estimates."""

    @abstractmethod
    async def has_open_call(self, key: CaptionKey, since: datetime) -> bool:
        """Whether a call for this very question began after `since` and has not been settled."""

    @abstractmethod
    async def save(self, call: Call) -> None:
        """Add the call, or replace it."""


class CaptionCache(Protocol):
    """The answers that were paid for, each kept for everybody who has the picture."""

    @abstractmethod
    async def find(self, key: CaptionKey) -> CaptionDraft | None:
        """The answer without its `usage`, or None."""

    @abstractmethod
    async def save(self, key: CaptionKey, draft: CaptionDraft) -> None:
        """Remember the answer; a newer one replaces an older."""

    @abstractmethod
    async def delete(self, picture: BlobKey) -> None:
        """Drop every answer about this picture."""

    @abstractmethod
    async def delete_unreferenced(self) -> int:
        """Drop the answers about pictures that no image holds any more; how many."""
