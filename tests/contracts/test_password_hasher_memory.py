import pytest

from adapters.memory.passwords import MemoryPasswordHasher
from domain.passwords import PasswordHasher
from tests.contracts.password_hasher import PASSWORD, PasswordHasherContract


class TestMemoryPasswordHasher(PasswordHasherContract):
    @pytest.fixture
    def passwords(self) -> PasswordHasher:
        return MemoryPasswordHasher()

    async def test_equal_passwords_have_different_hashes(self, passwords: PasswordHasher) -> None:
        assert await passwords.hash(PASSWORD) != await passwords.hash(PASSWORD)

    async def test_damaged_hash_accepts_no_password(self, passwords: PasswordHasher) -> None:
        for damaged in ("", "no hash", "memory$0", "memory$0$"):
            assert not await passwords.verify(PASSWORD, damaged)
