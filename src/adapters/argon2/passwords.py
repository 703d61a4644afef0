"""Passwords, hashed with argon2id."""

from argon2 import PasswordHasher as Argon2
from argon2.exceptions import InvalidHashError, VerificationError

from adapters.system.executor import BoundedExecutor
from domain.passwords import PasswordHasher


class Argon2PasswordHasher(PasswordHasher):
    """The library's defaults are the second recommendation of RFC 9106, section 4: 64 MiB, three passes, four lanes.

    The first one asks for 2 GiB a sign-in, which a small server cannot give; the parameters stand in every hash, so
    that raising them later leaves the old ones valid.

    Trusted callers have threads of their own, so that strangers who guess passwords cannot take all of them.
    """

    def __init__(self, threads: int = 2, waiting: int = 32) -> None:
        self._argon2 = Argon2()
        self._executors = {trusted: BoundedExecutor("signing in", threads, waiting) for trusted in (False, True)}

    async def hash(self, password: str, *, trusted: bool = False) -> str:
        return await self._executors[trusted].run(self._argon2.hash, _bytes(password))

    async def verify(self, password: str, hashed: str | None, *, trusted: bool = False) -> bool:
        return await self._executors[trusted].run(self._verify, _bytes(password), hashed)

    def _verify(self, password: bytes, hashed: str | None) -> bool:
        if hashed is None:
            self._argon2.hash(password)  # the same work as a verification, so that the time tells nothing
            return False
        try:
            return self._argon2.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False


def _bytes(password: str) -> bytes:
    """Half a surrogate pair is a wrong password, not an error."""
    return password.encode("utf-8", "surrogatepass")
