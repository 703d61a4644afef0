"""Password hashing with argon2id."""

from argon2 import PasswordHasher as Argon2
from argon2.exceptions import InvalidHashError, VerificationError

from adapters.system.executor import BoundedExecutor
from domain.passwords import PasswordHasher


class Argon2PasswordHasher(PasswordHasher):
    """Uses the library's defaults, the second recommended option of RFC 9106, section 4: 64 MiB, three passes, four
    lanes.

    The first option needs 2 GiB for each sign-in, too much for a small server. Every hash contains its parameters, so
    old hashes stay valid when the parameters change.

    Trusted callers have their own threads: password guessing by others cannot occupy all of them.
    """

    def __init__(self, threads: int = 2, waiting: int = 32) -> None:
        self._argon2 = Argon2()
        self._executors = {trusted: BoundedExecutor("sign-in", threads, waiting) for trusted in (False, True)}

    async def hash(self, password: str, *, trusted: bool = False) -> str:
        return await self._executors[trusted].run(self._argon2.hash, _bytes(password))

    async def verify(self, password: str, hashed: str | None, *, trusted: bool = False) -> bool:
        return await self._executors[trusted].run(self._verify, _bytes(password), hashed)

    def _verify(self, password: bytes, hashed: str | None) -> bool:
        if hashed is None:
            self._argon2.hash(
                password
            )  # same duration as a verification: timing does not reveal whether the user exists
            return False
        try:
            return self._argon2.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False


def _bytes(password: str) -> bytes:
    """Encode a lone surrogate too: it makes a wrong password, not an error."""
    return password.encode("utf-8", "surrogatepass")
