import base64
import hashlib
from itertools import count
from uuid import UUID

from domain.ids import Ids

_FIRST_MILLISECOND = 1_767_268_800_000
_VERSION = 7 << 76
_VARIANT = 2 << 62


class MemoryIds(Ids):
    """Counts ids and secrets: equal in every run, one millisecond apart. NOT FOR PRODUCTION: the secrets are
    predictable."""

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        self._ids = count(_FIRST_MILLISECOND)
        self._secrets = count()

    def new(self) -> UUID:
        return UUID(int=next(self._ids) << 80 | _VERSION | _VARIANT | self._seed)

    def secret(self) -> str:
        digest = hashlib.sha256(f"{self._seed}/{next(self._secrets)}".encode()).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")
