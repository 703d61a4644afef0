import pytest

from adapters.argon2.passwords import Argon2PasswordHasher
from domain.passwords import PasswordHasher
from tests.contracts.password_hasher import PASSWORD, PasswordHasherContract


class TestArgon2PasswordHasher(PasswordHasherContract):
    @pytest.fixture
    def passwords(self) -> PasswordHasher:
        return Argon2PasswordHasher()

    async def test_hashes_are_salted_argon2id(self, passwords: PasswordHasher) -> None:
        one, other = await passwords.hash(PASSWORD), await passwords.hash(PASSWORD)
        assert one.startswith("$argon2id$")
        assert one != other

    async def test_damaged_hash_accepts_no_password(self, passwords: PasswordHasher) -> None:
        assert not await passwords.verify(PASSWORD, "no hash")
