import unicodedata
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.errors import Invalid, NotFound
from domain.pages import PageRequest
from domain.tokens import NotSignedIn, TokenExpired, WrongCredentials
from tests.services.conftest import ServiceHarness

PASSWORD = "correct horse"


@pytest.mark.parametrize("login", ["ada", "Ada", "ada@example.org", "ADA@EXAMPLE.ORG"])
async def test_sign_in_by_name_or_email(harness: ServiceHarness, login: str) -> None:
    ada = await harness.sign_up("ada")

    signed_in = await harness.container.signing_in().sign_in(login, PASSWORD)

    session = await harness.container.signing_in().session(signed_in.secret)
    assert (session.user_id, session.username) == (ada, "ada")


@pytest.mark.parametrize(
    ("login", "password"), [("ada", "wrong horse"), ("nobody", PASSWORD), ("", ""), ("nul\0l", "half\ud800 pair")]
)
async def test_wrong_name_and_wrong_password_give_same_error(
    harness: ServiceHarness, login: str, password: str
) -> None:
    await harness.sign_up("ada")

    with pytest.raises(WrongCredentials, match="no account has this name"):
        await harness.container.signing_in().sign_in(login, password)


async def test_unnormalized_password_hash_is_accepted_and_replaced(harness: ServiceHarness) -> None:
    typed = unicodedata.normalize("NFD", "Großmutter März é")
    ada, signing_in = await harness.sign_up("ada"), harness.container.signing_in()
    old = await harness.container.passwords().hash(typed)
    async with harness.container.storage().begin() as uow:
        user = await uow.users.get(ada)
        assert user
        await uow.users.save(replace(user, password_hash=old))
        await uow.commit()

    with pytest.raises(WrongCredentials):
        await signing_in.sign_in("ada", unicodedata.normalize("NFC", typed))
    await signing_in.sign_in("ada", typed)
    for form in (typed, unicodedata.normalize("NFC", typed)):
        session = await signing_in.session((await signing_in.sign_in("ada", form)).secret)
        await signing_in.change_password(session, form, typed)


async def test_token_expires(harness: ServiceHarness) -> None:
    await harness.sign_up("ada")
    signed_in = await harness.container.signing_in().sign_in("ada", PASSWORD)

    harness.clock.advance(timedelta(days=30) - timedelta(seconds=1))
    await harness.container.signing_in().session(signed_in.secret)
    harness.clock.advance(timedelta(seconds=1))

    with pytest.raises(TokenExpired):
        await harness.container.signing_in().session(signed_in.secret)


async def test_expired_token_is_reported_for_a_week(harness: ServiceHarness) -> None:
    await harness.sign_up("ada")
    signing_in = harness.container.signing_in()
    signed_in = await signing_in.sign_in("ada", PASSWORD)

    harness.clock.advance(timedelta(days=37))
    assert await signing_in.delete_expired() == 0
    with pytest.raises(TokenExpired):
        await signing_in.session(signed_in.secret)
    harness.clock.advance(timedelta(seconds=1))
    assert await signing_in.delete_expired() == 1

    with pytest.raises(NotSignedIn):
        await signing_in.session(signed_in.secret)


async def test_revoked_token_is_refused(harness: ServiceHarness) -> None:
    ada = await harness.sign_up("ada")
    signing_in = harness.container.signing_in()
    kept, gone = await signing_in.sign_in("ada", PASSWORD), await signing_in.sign_in("ada", PASSWORD)

    await signing_in.revoke(ada, gone.token.id)

    with pytest.raises(NotSignedIn):
        await signing_in.session(gone.secret)
    assert [token.id for token in (await signing_in.tokens(ada, PageRequest())).items] == [kept.token.id]


async def test_token_of_other_user_cannot_be_revoked(harness: ServiceHarness) -> None:
    await harness.sign_up("ada")
    bob = await harness.sign_up("bob")
    signed_in = await harness.container.signing_in().sign_in("ada", PASSWORD)

    with pytest.raises(NotFound):
        await harness.container.signing_in().revoke(bob, signed_in.token.id)

    await harness.container.signing_in().session(signed_in.secret)


async def test_new_password_ends_other_sessions(harness: ServiceHarness) -> None:
    await harness.sign_up("ada")
    signing_in = harness.container.signing_in()
    here, there = await signing_in.sign_in("ada", PASSWORD), await signing_in.sign_in("ada", PASSWORD)

    await signing_in.change_password(await signing_in.session(here.secret), PASSWORD, "another horse")

    await signing_in.session(here.secret)
    with pytest.raises(NotSignedIn):
        await signing_in.session(there.secret)
    with pytest.raises(WrongCredentials):
        await signing_in.sign_in("ada", PASSWORD)
    await signing_in.sign_in("ada", "another horse")


async def test_password_change_requires_current_password_and_ten_characters(harness: ServiceHarness) -> None:
    await harness.sign_up("ada")
    signing_in = harness.container.signing_in()
    session = await signing_in.session((await signing_in.sign_in("ada", PASSWORD)).secret)

    with pytest.raises(WrongCredentials):
        await signing_in.change_password(session, "not it at all", "another horse")
    with pytest.raises(Invalid) as refused:
        await signing_in.change_password(session, PASSWORD, "123456789")

    error = refused.value.errors[0]
    assert (error.field, error.limit, error.actual) == ("new", 10, 9)


async def test_password_set_by_operator_ends_all_sessions(harness: ServiceHarness) -> None:
    await harness.sign_up("ada")
    signing_in = harness.container.signing_in()
    signed_in = await signing_in.sign_in("ada", PASSWORD)

    await harness.container.accounts().set_password("ada", "from the operator")

    with pytest.raises(NotSignedIn):
        await signing_in.session(signed_in.secret)
    await signing_in.sign_in("ada", "from the operator")
