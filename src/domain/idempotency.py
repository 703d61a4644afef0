"""Stored results of requests that carry an idempotency key, so that a repeated request takes effect once."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from domain.errors import Conflict, Invalid
from domain.ids import ClaimId

RETENTION = timedelta(hours=24)
CLAIM_LEASE = timedelta(seconds=15)
"""How long a claim blocks its key after its last renewal, and so how long after the death of its process."""

MAX_KEY = 255


@dataclass(frozen=True, slots=True)
class Claim:
    """A request that holds a scope until it ends. `id` tells it from an earlier request whose claim expired."""

    scope: str
    id: ClaimId


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
    """Stored results. The scope of a claim identifies caller, operation and key; `fingerprint` identifies the content
    of the request."""

    @abstractmethod
    async def add(self, claim: Claim, fingerprint: str, now: datetime) -> StoredResult | None:
        """Claim the scope for a new request, or return the stored result.

        None means that the claim holds the scope until `save`, `release`, or `CLAIM_LEASE` after the last renewal.
        Raises `KeyReused` for another fingerprint, `RequestInProgress` while another claim holds the scope. Of
        concurrent claims exactly one gets the scope.
        """

    @abstractmethod
    async def renew(self, claims: Sequence[Claim], now: datetime) -> None:
        """Begin the lease of these claims anew, if they still hold their scopes without a result."""

    @abstractmethod
    async def save(self, claim: Claim, result: StoredResult, now: datetime) -> None:
        """Store the result for `RETENTION`. Has no effect unless the claim holds its scope."""

    @abstractmethod
    async def release(self, claim: Claim) -> None:
        """Release the scope without a result, so that the next request can claim it. A stored result remains. Has no
        effect unless the claim holds its scope."""

    @abstractmethod
    async def delete_expired(self, now: datetime) -> int:
        """Delete expired results. Return their number."""
