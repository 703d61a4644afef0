"""Tokens and the sessions they open."""

from datetime import timedelta

import pytest

from domain.ids import TokenId
from domain.tokens import Session, Token, token_hash
from domain.users import Role, User, UserNotFound
from tests.contracts.paging import ALL, assert_pages
from tests.contracts.world import World, at


class TokensContract:
    async def test_a_token_opens_a_session(self, world: World) -> None:
        ada = await world.user("ada", role=Role.ADMIN)
        token = await world.token(ada, "secret")

        session = await world.storage.sessions.by_hash(token_hash("secret"))

        assert session == Session(token.id, ada.id, "ada", Role.ADMIN, token.expires_at)

    async def test_an_unknown_token_opens_none(self, world: World) -> None:
        await world.token(await world.user("ada"), "secret")

        assert await world.storage.sessions.by_hash(token_hash("other")) is None

    async def test_an_expired_token_is_still_known(self, world: World) -> None:
        token = await world.token(await world.user("ada"), "secret", expires_at=at(-1))

        session = await world.storage.sessions.by_hash(token.hash)

        assert session is not None
        assert session.expires_at == at(-1)

    async def test_only_ones_own_token_can_be_revoked_and_once(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        token = await world.token(ada, "secret")

        async with world.storage.begin() as uow:
            assert not await uow.tokens.delete(token.id, bob.id)
            assert not await uow.tokens.delete(TokenId(world.id()), ada.id)
            assert await uow.tokens.delete(token.id, ada.id)
            assert not await uow.tokens.delete(token.id, ada.id)
            await uow.commit()

        assert await world.storage.sessions.by_hash(token.hash) is None

    async def test_the_others_can_be_revoked(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        kept, _, theirs = await world.token(ada, "1"), await world.token(ada, "2"), await world.token(bob, "3")

        async with world.storage.begin() as uow:
            await uow.tokens.delete_others(ada.id, keep=kept.id)
            await uow.commit()
        assert await signed_in(world, ada) == [kept]

        async with world.storage.begin() as uow:
            await uow.tokens.delete_others(ada.id, keep=None)
            await uow.commit()
        assert await signed_in(world, ada) == []
        assert await signed_in(world, bob) == [theirs]

    async def test_the_long_expired_are_forgotten(self, world: World) -> None:
        ada = await world.user("ada")
        await world.token(ada, "old", at(0))
        fresh = await world.token(ada, "fresh", at(100))

        async with world.storage.begin() as uow:
            assert await uow.tokens.delete_expired(at(0)) == 0
            assert await uow.tokens.delete_expired(at(0) + timedelta(seconds=1)) == 1
            await uow.commit()

        assert await signed_in(world, ada) == [fresh]

    async def test_nobody_gets_a_token_who_has_just_gone(self, world: World) -> None:
        with pytest.raises(UserNotFound):
            await world.token(world.a_user("ada"), "secret")

    async def test_tokens_are_listed_newest_first_while_they_sign_in(self, world: World) -> None:
        ada = await world.user("ada")
        await world.token(ada, "expired", at(10))
        tokens = [await world.token(ada, f"secret {number}") for number in range(3)]

        await assert_pages(lambda page: world.storage.sessions.of_user(ada.id, at(10), page), tokens[::-1])

    async def test_of_many_those_are_told_that_still_sign_in(self, world: World) -> None:
        ada = await world.user("ada")
        kept, revoked = await world.token(ada, "1", at(10)), await world.token(ada, "2", at(10))
        expired = await world.token(ada, "3", at(5))
        async with world.storage.begin() as uow:
            await uow.tokens.delete(revoked.id, ada.id)
            await uow.commit()

        asked = [kept.id, revoked.id, expired.id, TokenId(world.id())]
        assert set(await world.storage.sessions.valid(asked, at(5))) == {kept.id}
        assert not await world.storage.sessions.valid([], at(5))


async def signed_in(world: World, user: User) -> list[Token]:
    page = await world.storage.sessions.of_user(user.id, at(0), ALL)
    return list(page.items)
