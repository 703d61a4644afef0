"""The contract of tokens and sessions."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.ids import TokenId
from domain.roles import Role
from domain.scopes import Scope
from domain.tokens import USE_INTERVAL, Session, Token, token_hash
from domain.users import User, UserNotFound
from tests.contracts.harness import StorageHarness, at
from tests.contracts.paging import ALL, assert_pages


class TokensContract:
    async def test_token_identifies_session(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada", role=Role.ADMIN)
        token = await harness.add_token(ada, "secret")

        session = await harness.storage.token_reader.by_hash(token_hash("secret"))

        assert session == Session(token.id, ada.id, "ada", Role.ADMIN, token.expires_at)

    async def test_session_states_whether_sign_up_waits_for_approval(self, harness: StorageHarness) -> None:
        token = await harness.add_token(await harness.add_user("ada", application="let me in"), "secret")

        session = await harness.storage.token_reader.by_hash(token.hash)

        assert session is not None
        assert session.is_pending

    async def test_unknown_token_identifies_no_session(self, harness: StorageHarness) -> None:
        await harness.add_token(await harness.add_user("ada"), "secret")

        assert await harness.storage.token_reader.by_hash(token_hash("other")) is None

    async def test_concurrent_checks_answer_each_token(self, harness: StorageHarness) -> None:
        users = [await harness.add_user(name) for name in ("ada", "bob", "eve")]
        tokens = [await harness.add_token(user, user.username) for user in users]
        reader = harness.storage.token_reader

        hashes = [token_hash("unknown"), *(token.hash for token in tokens)] * 20
        found = await asyncio.gather(*(reader.by_hash(one) for one in hashes))

        assert [session and session.username for session in found] == [None, "ada", "bob", "eve"] * 20

    async def test_revoked_token_is_refused_during_other_checks(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        kept, reader = await harness.add_token(bob, "kept"), harness.storage.token_reader
        for number in range(20):
            token = await harness.add_token(ada, f"secret {number}")
            assert await reader.by_hash(token.hash)
            running = [asyncio.create_task(reader.by_hash(one.hash)) for one in (kept, token, kept)]
            await asyncio.sleep(0)
            async with harness.storage.begin() as uow:
                await uow.tokens.delete(token.id, ada.id)
                await uow.commit()
            assert await reader.by_hash(token.hash) is None
            await asyncio.gather(*running)

    async def test_expired_token_is_found(self, harness: StorageHarness) -> None:
        token = await harness.add_token(await harness.add_user("ada"), "secret", expires_at=at(-1))

        session = await harness.storage.token_reader.by_hash(token.hash)

        assert session is not None
        assert session.expires_at == at(-1)

    async def test_token_is_stored_with_all_fields(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        fields: dict[str, Any] = {
            "name": "backup",
            "scopes": frozenset({Scope.READ}),
            "device": "curl",
            "address": "192.0.2.1",
        }
        token = await harness.add_token(ada, "secret", **fields)

        session = await harness.storage.token_reader.by_hash(token.hash)

        assert await list_tokens(harness, ada) == [token]
        assert session is not None
        assert session.scopes == {Scope.READ}

    async def test_use_is_stored_at_most_once_in_interval(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        token, unused = await harness.add_token(ada, "1"), await harness.add_token(ada, "2")
        first, soon, later = at(1000), at(1000) + USE_INTERVAL - timedelta(seconds=1), at(1000) + USE_INTERVAL

        for now, stored in [(first, first), (soon, first), (later, later)]:
            async with harness.storage.begin() as uow:
                await uow.tokens.record_uses([token.id, TokenId(harness.new_id())], now)
                await uow.commit()
            assert await list_tokens(harness, ada) == [unused, replace(token, last_used_at=stored)]

    async def test_origins_of_old_tokens_are_forgotten(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        old = await harness.add_token(ada, "1", device="curl", address="192.0.2.1")
        new = await harness.add_token(ada, "2", device="curl", address="192.0.2.1")

        async with harness.storage.begin() as uow:
            assert await uow.tokens.forget_origins(new.created_at) == 1
            assert await uow.tokens.forget_origins(new.created_at) == 0
            await uow.commit()

        assert await list_tokens(harness, ada) == [new, replace(old, device=None, address=None)]

    async def test_own_token_can_be_revoked_once(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        token = await harness.add_token(ada, "secret")

        async with harness.storage.begin() as uow:
            assert not await uow.tokens.delete(token.id, bob.id)
            assert not await uow.tokens.delete(TokenId(harness.new_id()), ada.id)
            assert await uow.tokens.delete(token.id, ada.id)
            assert not await uow.tokens.delete(token.id, ada.id)
            await uow.commit()

        assert await harness.storage.token_reader.by_hash(token.hash) is None

    async def test_other_tokens_can_be_revoked(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        kept, _, theirs = (
            await harness.add_token(ada, "1"),
            await harness.add_token(ada, "2"),
            await harness.add_token(bob, "3"),
        )

        async with harness.storage.begin() as uow:
            await uow.tokens.delete_others(ada.id, keep=kept.id)
            await uow.commit()
        assert await list_tokens(harness, ada) == [kept]

        async with harness.storage.begin() as uow:
            await uow.tokens.delete_others(ada.id, keep=None)
            await uow.commit()
        assert await list_tokens(harness, ada) == []
        assert await list_tokens(harness, bob) == [theirs]

    async def test_session_can_be_confirmed(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        token, other = await harness.add_token(ada, "secret"), await harness.add_token(ada, "other")

        for second_factor, seconds in ((False, 10), (True, 20), (False, 30)):
            async with harness.storage.begin() as uow:
                await uow.tokens.confirm(token.id, at(seconds), second_factor=second_factor)
                await uow.commit()

        session = await harness.storage.token_reader.by_hash(token.hash)
        assert session is not None
        assert (session.confirmed_at, session.second_factor_at) == (at(30), at(20))
        untouched = await harness.storage.token_reader.by_hash(other.hash)
        assert untouched is not None
        assert (untouched.confirmed_at, untouched.second_factor_at) == (None, None)

    async def test_second_factor_of_all_tokens_of_a_user_is_cleared(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        theirs = [await harness.add_token(ada, "1"), await harness.add_token(ada, "2")]
        other = await harness.add_token(bob, "3")
        async with harness.storage.begin() as uow:
            for token in (*theirs, other):
                await uow.tokens.confirm(token.id, at(10), second_factor=True)
            await uow.tokens.clear_second_factor(ada.id)
            await uow.commit()

        sessions = [await harness.storage.token_reader.by_hash(token.hash) for token in (*theirs, other)]
        assert [session and session.second_factor_at for session in sessions] == [None, None, at(10)]

    async def test_long_expired_tokens_are_deleted(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        await harness.add_token(ada, "old", at(0))
        fresh = await harness.add_token(ada, "fresh", at(100))

        async with harness.storage.begin() as uow:
            assert await uow.tokens.delete_expired(at(0)) == 0
            assert await uow.tokens.delete_expired(at(0) + timedelta(seconds=1)) == 1
            await uow.commit()

        assert await list_tokens(harness, ada) == [fresh]

    async def test_deleted_user_gets_no_token(self, harness: StorageHarness) -> None:
        with pytest.raises(UserNotFound):
            await harness.add_token(harness.new_user("ada"), "secret")

    async def test_valid_tokens_are_listed_newest_first(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        await harness.add_token(ada, "expired", at(10))
        tokens = [await harness.add_token(ada, f"secret {number}") for number in range(3)]

        await assert_pages(lambda page: harness.storage.token_reader.of_user(ada.id, at(10), page), tokens[::-1])

    async def test_valid_tokens_among_many_are_returned(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        kept, revoked = await harness.add_token(ada, "1", at(10)), await harness.add_token(ada, "2", at(10))
        expired = await harness.add_token(ada, "3", at(5))
        async with harness.storage.begin() as uow:
            await uow.tokens.delete(revoked.id, ada.id)
            await uow.commit()

        asked = [kept.id, revoked.id, expired.id, TokenId(harness.new_id())]
        assert set(await harness.storage.token_reader.filter_valid(asked, at(5))) == {kept.id}
        assert not await harness.storage.token_reader.filter_valid([], at(5))


async def list_tokens(harness: StorageHarness, user: User) -> list[Token]:
    page = await harness.storage.token_reader.of_user(user.id, at(0), ALL)
    return list(page.items)
