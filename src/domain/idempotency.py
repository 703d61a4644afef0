"""Answers kept for `Idempotency-Key`, so that a request sent twice acts once."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from domain.errors import Conflict, Invalid

RETENTION = timedelta(hours=24)
CLAIM_TIMEOUT = timedelta(minutes=2)
"""How long an unfinished first request blocks its key, should its process have died."""

MAX_KEY = 255


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """What was said the first time."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class KeyReused(Invalid):
    code = "idempotency_key_reused"

    def __init__(self) -> None:
        super().__init__("this Idempotency-Key came with another request; a new request needs a key of its own")


class RequestInProgress(Conflict):
    code = "request_in_progress"

    def __init__(self) -> None:
        super().__init__("the first request with this Idempotency-Key is still running; send it again in a moment")


class IdempotencyStore(Protocol):
    """Kept answers; `scope` names caller, method, path and key, `fingerprint` the request's content."""

    @abstractmethod
    async def claim(self, scope: str, fingerprint: str, now: datetime) -> StoredResponse | None:
        """None: go ahead, the scope is yours until `keep`, `release` or `CLAIM_TIMEOUT`. Otherwise the kept answer.

        Raises `KeyReused` for another fingerprint, `RequestInProgress` while another holds the scope. Of many at once
        exactly one goes ahead.
        """

    @abstractmethod
    async def save(self, scope: str, response: StoredResponse, now: datetime) -> None:
        """Remember the answer for `RETENTION`; no effect on a scope that nobody claimed."""

    @abstractmethod
    async def release(self, scope: str) -> None:
        """Give the scope back without an answer; the next request goes ahead. A kept answer stays."""

    @abstractmethod
    async def delete_expired(self, now: datetime) -> int:
        """Drop what is kept too long; how many."""
