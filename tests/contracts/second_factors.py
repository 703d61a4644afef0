"""The contracts of second factors and challenges."""

from dataclasses import replace
from typing import Any

import pytest

from domain.challenges import Challenge, ChallengeExpired, Purpose, take_challenge
from domain.ids import FactorId, UserId
from domain.second_factors import Method, Passkey, PasskeyTaken, RecoveryCodes, SecondFactor, Totp
from domain.users import User, UserNotFound
from tests.contracts.harness import BEGINNING, StorageHarness, at
from tests.contracts.paging import assert_pages

METHODS: list[Method] = [
    Totp("JBSWY3DPEHPK3PXP", 58_000_000),
    Passkey(b"\0credential", b"key", 7),
    RecoveryCodes(frozenset({"1" * 64, "2" * 64})),
]


class SecondFactorsContract:
    async def test_factors_are_stored_with_their_methods(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        factors = [await add_factor(harness, ada, method) for method in METHODS]
        theirs = await add_factor(harness, bob, METHODS[0])

        async with harness.storage.begin() as uow:
            assert await uow.second_factors.of_user(ada.id) == tuple(factors)
            assert await uow.second_factors.of_user(bob.id) == (theirs,)
            assert await uow.second_factors.by_credential(b"\0credential") == factors[1]
            assert await uow.second_factors.by_credential(b"other") is None

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            (METHODS[0], Totp("JBSWY3DPEHPK3PXP", 58_000_001)),
            (METHODS[1], Passkey(b"\0credential", b"key", 8)),
            (METHODS[2], RecoveryCodes(frozenset({"2" * 64}))),
            (METHODS[2], RecoveryCodes(frozenset())),
        ],
    )
    async def test_use_is_stored(self, harness: StorageHarness, before: Method, after: Method) -> None:
        factor = await add_factor(harness, await harness.add_user("ada"), before)

        used = replace(factor, method=after, last_used_at=at(100))
        async with harness.storage.begin() as uow:
            await uow.second_factors.save(used)
            await uow.commit()

        assert await harness.storage.second_factor_reader.by_id(factor.user_id, factor.id) == used

    async def test_passkey_is_registered_once(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        await add_factor(harness, ada, METHODS[1])

        with pytest.raises(PasskeyTaken):
            await add_factor(harness, bob, METHODS[1])

    async def test_deleted_user_gets_no_factor(self, harness: StorageHarness) -> None:
        with pytest.raises(UserNotFound):
            await add_factor(harness, harness.new_user("ada"), METHODS[0])

    async def test_factors_are_deleted_alone_and_with_their_user(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        factors = [await add_factor(harness, ada, method) for method in METHODS]

        async with harness.storage.begin() as uow:
            await uow.second_factors.delete([factors[0].id, factors[2].id, FactorId(harness.new_id())])
            await uow.commit()
        async with harness.storage.begin() as uow:
            assert await uow.second_factors.of_user(ada.id) == (factors[1],)
        await harness.delete_user(ada)
        async with harness.storage.begin() as uow:
            assert await uow.second_factors.by_credential(b"\0credential") is None

    async def test_factors_are_listed_newest_first(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        await add_factor(harness, bob, METHODS[0])
        factors = [await add_factor(harness, ada, METHODS[0]) for _ in range(3)]

        await assert_pages(lambda page: harness.storage.second_factor_reader.of_user(ada.id, page), factors[::-1])

    async def test_factor_is_visible_to_its_user_only(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        factor = await add_factor(harness, ada, METHODS[0])

        reader = harness.storage.second_factor_reader
        assert await reader.by_id(ada.id, factor.id) == factor
        assert await reader.by_id(bob.id, factor.id) is None
        assert await reader.by_id(ada.id, FactorId(harness.new_id())) is None


class ChallengesContract:
    async def test_challenge_is_taken_once(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        challenge = Challenge.of("secret", Purpose.SIGN_IN, BEGINNING, ada.id, login="ada")
        await add_challenge(harness, challenge)

        assert await take(harness, "secret", Purpose.PASSKEY_SIGN_IN, Purpose.SIGN_IN) == challenge
        with pytest.raises(ChallengeExpired):
            await take(harness, "secret", Purpose.SIGN_IN)

    async def test_challenge_remains_without_commit(self, harness: StorageHarness) -> None:
        challenge = Challenge.of("secret", Purpose.PASSKEY_SIGN_IN, BEGINNING)
        await add_challenge(harness, challenge)

        async with harness.storage.begin() as uow:
            assert await take_challenge(uow.challenges, "secret", BEGINNING, Purpose.PASSKEY_SIGN_IN) == challenge
        assert await take(harness, "secret", Purpose.PASSKEY_SIGN_IN) == challenge

    async def test_challenge_is_for_its_purpose_until_it_expires(self, harness: StorageHarness) -> None:
        await add_challenge(harness, Challenge.of("secret", Purpose.SIGN_IN, BEGINNING))

        for secret, purpose, seconds in (
            ("secret", Purpose.ADD_TOTP, 0),
            ("other", Purpose.SIGN_IN, 0),
            ("secret", Purpose.SIGN_IN, 300),
        ):
            with pytest.raises(ChallengeExpired):
                await take(harness, secret, purpose, seconds=seconds)
        assert await take(harness, "secret", Purpose.SIGN_IN, seconds=299)

    async def test_expired_challenges_are_deleted(self, harness: StorageHarness) -> None:
        await add_challenge(harness, Challenge.of("short", Purpose.SIGN_IN, BEGINNING))
        await add_challenge(harness, Challenge.of("long", Purpose.ADD_TOTP, BEGINNING))

        async with harness.storage.begin() as uow:
            assert await uow.challenges.delete_expired(at(300)) == 1
            assert await uow.challenges.delete_expired(at(300)) == 0
            await uow.commit()
        assert await take(harness, "long", Purpose.ADD_TOTP)

    async def test_challenges_are_deleted_with_their_user(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        await add_challenge(harness, Challenge.of("secret", Purpose.SIGN_IN, BEGINNING, ada.id))
        await harness.delete_user(ada)

        with pytest.raises(ChallengeExpired):
            await take(harness, "secret", Purpose.SIGN_IN)
        with pytest.raises(UserNotFound):
            await add_challenge(harness, Challenge.of("new", Purpose.SIGN_IN, BEGINNING, UserId(harness.new_id())))


async def add_factor(harness: StorageHarness, user: User, method: Method) -> SecondFactor:
    factor = SecondFactor(FactorId(harness.new_id()), user.id, "A device", method, harness.now())
    async with harness.storage.begin() as uow:
        await uow.second_factors.add(factor)
        await uow.commit()
    return factor


async def add_challenge(harness: StorageHarness, challenge: Challenge) -> None:
    async with harness.storage.begin() as uow:
        await uow.challenges.add(challenge)
        await uow.commit()


async def take(harness: StorageHarness, secret: str, *purposes: Purpose, **options: Any) -> Challenge:
    async with harness.storage.begin() as uow:
        challenge = await take_challenge(uow.challenges, secret, at(options.get("seconds", 0)), *purposes)
        await uow.commit()
    return challenge
