import pytest

from adapters.argon2.passwords import Argon2PasswordHasher
from domain.passwords import PasswordHasher
from tests.contracts.password_hasher import PASSWORD, PasswordHasherContract


class TestArgon2PasswordHasher(PasswordHasherContract):
    @pytest.fixture
    def passwords(self) -> PasswordHasher:
        return Argon2PasswordHasher()

    async def test_salts_every_hash_of_argon2id(self, passwords: PasswordHasher) -> None:
        one, other = await passwords.hash(PASSWORD), await passwords.hash(PASSWORD)
        assert one.startswith("$argon2id$")
        assert one != other

    async def test_a_damaged_hash_lets_nobody_in(self, passwords: PasswordHasher) -> None:
        assert not await passwords.verify(PASSWORD, "no hash")
