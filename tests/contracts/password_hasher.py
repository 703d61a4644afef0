"""What every `PasswordHasher` promises."""

from abc import abstractmethod

import pytest

from domain.passwords import PasswordHasher

PASSWORD = "correct horse battery"


class PasswordHasherContract:
    @pytest.fixture
    @abstractmethod
    def passwords(self) -> PasswordHasher: ...

    async def test_knows_the_right_one_only(self, passwords: PasswordHasher) -> None:
        hashed = await passwords.hash(PASSWORD)
        assert await passwords.verify(PASSWORD, hashed)
        assert not await passwords.verify(PASSWORD + "!", hashed)

    async def test_nobody_has_no_password(self, passwords: PasswordHasher) -> None:
        assert not await passwords.verify(PASSWORD, None)

    async def test_does_not_keep_the_password_in_the_hash(self, passwords: PasswordHasher) -> None:
        assert PASSWORD not in await passwords.hash(PASSWORD)

    async def test_takes_any_script(self, passwords: PasswordHasher) -> None:
        assert await passwords.verify("пароль-密码-🔑", await passwords.hash("пароль-密码-🔑"))

    async def test_half_a_surrogate_pair_is_merely_wrong(self, passwords: PasswordHasher) -> None:
        assert not await passwords.verify("half \ud800 pair", await passwords.hash(PASSWORD))
        assert not await passwords.verify("half \ud800 pair", None)
