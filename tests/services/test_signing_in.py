import unicodedata
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.errors import Invalid, NotFound
from domain.pages import PageRequest
from domain.tokens import NotSignedIn, TokenExpired, WrongCredentials
from tests.services.conftest import Town

PASSWORD = "correct horse"


@pytest.mark.parametrize("login", ["ada", "Ada", "ada@example.org", "ADA@EXAMPLE.ORG"])
async def test_a_name_or_an_email_signs_in(town: Town, login: str) -> None:
    ada = await town.person("ada")

    signed_in = await town.container.signing_in().sign_in(login, PASSWORD)

    session = await town.container.signing_in().session(signed_in.secret)
    assert (session.user_id, session.username) == (ada, "ada")


@pytest.mark.parametrize(
    ("login", "password"), [("ada", "wrong horse"), ("nobody", PASSWORD), ("", ""), ("nul\0l", "half\ud800 pair")]
)
async def test_a_wrong_pair_says_the_same_whichever_half_is_wrong(town: Town, login: str, password: str) -> None:
    await town.person("ada")

    with pytest.raises(WrongCredentials, match="no account has this name"):
        await town.container.signing_in().sign_in(login, password)


async def test_a_password_hashed_as_it_was_typed_still_signs_in_and_is_hashed_again(town: Town) -> None:
    typed = unicodedata.normalize("NFD", "Großmutter März é")
    ada, signing_in = await town.person("ada"), town.container.signing_in()
    old = await town.container.passwords().hash(typed)
    async with town.container.begin()() as uow:
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


async def test_a_token_ends_on_its_day(town: Town) -> None:
    await town.person("ada")
    signed_in = await town.container.signing_in().sign_in("ada", PASSWORD)

    town.clock.advance(timedelta(days=30) - timedelta(seconds=1))
    await town.container.signing_in().session(signed_in.secret)
    town.clock.advance(timedelta(seconds=1))

    with pytest.raises(TokenExpired):
        await town.container.signing_in().session(signed_in.secret)


async def test_an_expired_token_is_told_apart_for_a_week_and_then_forgotten(town: Town) -> None:
    await town.person("ada")
    signing_in = town.container.signing_in()
    signed_in = await signing_in.sign_in("ada", PASSWORD)

    town.clock.advance(timedelta(days=37))
    assert await signing_in.forget_expired() == 0
    with pytest.raises(TokenExpired):
        await signing_in.session(signed_in.secret)
    town.clock.advance(timedelta(seconds=1))
    assert await signing_in.forget_expired() == 1

    with pytest.raises(NotSignedIn):
        await signing_in.session(signed_in.secret)


async def test_a_revoked_token_signs_nobody_in(town: Town) -> None:
    ada = await town.person("ada")
    signing_in = town.container.signing_in()
    kept, gone = await signing_in.sign_in("ada", PASSWORD), await signing_in.sign_in("ada", PASSWORD)

    await signing_in.revoke(ada, gone.token.id)

    with pytest.raises(NotSignedIn):
        await signing_in.session(gone.secret)
    assert [token.id for token in (await signing_in.tokens(ada, PageRequest())).items] == [kept.token.id]


async def test_nobody_revokes_anothers_token(town: Town) -> None:
    await town.person("ada")
    bob = await town.person("bob")
    signed_in = await town.container.signing_in().sign_in("ada", PASSWORD)

    with pytest.raises(NotFound):
        await town.container.signing_in().revoke(bob, signed_in.token.id)

    await town.container.signing_in().session(signed_in.secret)


async def test_a_new_password_ends_the_other_sessions_only(town: Town) -> None:
    await town.person("ada")
    signing_in = town.container.signing_in()
    here, there = await signing_in.sign_in("ada", PASSWORD), await signing_in.sign_in("ada", PASSWORD)

    await signing_in.change_password(await signing_in.session(here.secret), PASSWORD, "another horse")

    await signing_in.session(here.secret)
    with pytest.raises(NotSignedIn):
        await signing_in.session(there.secret)
    with pytest.raises(WrongCredentials):
        await signing_in.sign_in("ada", PASSWORD)
    await signing_in.sign_in("ada", "another horse")


async def test_a_password_change_needs_the_current_one_and_ten_characters(town: Town) -> None:
    await town.person("ada")
    signing_in = town.container.signing_in()
    session = await signing_in.session((await signing_in.sign_in("ada", PASSWORD)).secret)

    with pytest.raises(WrongCredentials):
        await signing_in.change_password(session, "not it at all", "another horse")
    with pytest.raises(Invalid) as refused:
        await signing_in.change_password(session, PASSWORD, "123456789")

    error = refused.value.errors[0]
    assert (error.field, error.limit, error.actual) == ("new", 10, 9)


async def test_an_operator_sets_a_password_and_every_session_ends(town: Town) -> None:
    await town.person("ada")
    signing_in = town.container.signing_in()
    signed_in = await signing_in.sign_in("ada", PASSWORD)

    await town.container.accounts().set_password("ada", "from the operator")

    with pytest.raises(NotSignedIn):
        await signing_in.session(signed_in.secret)
    await signing_in.sign_in("ada", "from the operator")
