"""The contract of `PasswordHasher`."""

from abc import abstractmethod

import pytest

from domain.passwords import PasswordHasher

PASSWORD = "correct horse battery"


class PasswordHasherContract:
    @pytest.fixture
    @abstractmethod
    def passwords(self) -> PasswordHasher: ...

    async def test_only_correct_password_is_accepted(self, passwords: PasswordHasher) -> None:
        hashed = await passwords.hash(PASSWORD)
        assert await passwords.verify(PASSWORD, hashed)
        assert not await passwords.verify(PASSWORD + "!", hashed)

    async def test_missing_hash_accepts_no_password(self, passwords: PasswordHasher) -> None:
        assert not await passwords.verify(PASSWORD, None)

    async def test_hash_does_not_contain_password(self, passwords: PasswordHasher) -> None:
        assert PASSWORD not in await passwords.hash(PASSWORD)

    async def test_passwords_of_any_script_are_accepted(self, passwords: PasswordHasher) -> None:
        assert await passwords.verify("пароль-密码-🔑", await passwords.hash("пароль-密码-🔑"))

    async def test_lone_surrogate_is_wrong_password(self, passwords: PasswordHasher) -> None:
        assert not await passwords.verify("half \ud800 pair", await passwords.hash(PASSWORD))
        assert not await passwords.verify("half \ud800 pair", None)
