import hashlib
import hmac
from itertools import count

from domain.passwords import PasswordHasher


class MemoryPasswordHasher(PasswordHasher):
    """NOT FOR PRODUCTION: fast and predictable, for tests. Hashes are `memory$<salt>$<SHA-256>`; the salt is a
    counter."""

    def __init__(self) -> None:
        self._salts = count()

    async def hash(self, password: str, *, trusted: bool = False) -> str:  # noqa: ARG002 — nobody waits here
        return _hash(password, str(next(self._salts)))

    async def verify(self, password: str, hashed: str | None, *, trusted: bool = False) -> bool:  # noqa: ARG002
        stored = hashed or ""
        _, _, rest = stored.partition("$")
        salt, _, _ = rest.partition("$")
        return hmac.compare_digest(_hash(password, salt).encode(), stored.encode())


def _hash(password: str, salt: str) -> str:
    digest = hashlib.sha256(f"{salt}${password}".encode("utf-8", "surrogatepass")).hexdigest()
    return f"memory${salt}${digest}"
