"""Stored results of requests that carry an idempotency key, so that a repeated request takes effect once."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from domain.errors import Conflict, Invalid

RETENTION = timedelta(hours=24)
CLAIM_TIMEOUT = timedelta(minutes=2)
"""How long an unfinished request blocks its key if its process dies."""

MAX_KEY = 255


@dataclass(frozen=True, slots=True)
class StoredResult:
    """The result of the first request. The entrypoint that stores it gives `code` and `attributes` their meaning."""

    code: int
    attributes: tuple[tuple[str, str], ...]
    body: bytes


class KeyReused(Invalid):
    code = "idempotency_key_reused"

    def __init__(self) -> None:
        super().__init__("this Idempotency-Key was used for another request; send a new request with a new key")


class RequestInProgress(Conflict):
    code = "request_in_progress"

    def __init__(self) -> None:
        super().__init__("the first request with this Idempotency-Key is still running; repeat it in a few seconds")


class IdempotencyStore(Protocol):
    """Stored results. `scope` identifies caller, operation and key; `fingerprint` identifies the content of the
    request."""

    @abstractmethod
    async def claim(self, scope: str, fingerprint: str, now: datetime) -> StoredResult | None:
        """Claim the scope for a new request, or return the stored result.

        None means that the caller holds the scope until `save`, `release` or `CLAIM_TIMEOUT`. Raises `KeyReused` for
        another fingerprint, `RequestInProgress` while another request holds the scope. Of concurrent requests exactly
        one gets the claim.
        """

    @abstractmethod
    async def save(self, scope: str, result: StoredResult, now: datetime) -> None:
        """Store the result for `RETENTION`. Has no effect on an unclaimed scope."""

    @abstractmethod
    async def release(self, scope: str) -> None:
        """Release the scope without a result, so that the next request can claim it. A stored result remains."""

    @abstractmethod
    async def delete_expired(self, now: datetime) -> int:
        """Delete expired results. Return their number."""
