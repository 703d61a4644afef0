"""Changes of operators, moderators and admins that have an entry in the audit log, besides decisions."""

from collections.abc import AsyncIterator

import pytest
from httpx import AsyncClient

from container import Container
from domain.audit_log import OPERATOR
from domain.invites import InviteNotFound, InviteRequest
from domain.roles import Role
from domain.terms import NewTerms
from tests.containers import container_for
from tests.entrypoints.rest.factors import add_codes, add_totp
from tests.entrypoints.rest.visitors import UNKNOWN_ID, Json, Visitor, expect_problem, new_visitor, ok


@pytest.fixture
async def container(either_store: str | None) -> AsyncIterator[Container]:
    async with container_for(either_store) as container:
        yield container


@pytest.fixture
async def mia(client: AsyncClient, container: Container) -> Visitor:
    visitor = await new_visitor(client, "mia")
    await container.accounts().set_role("mia", Role.ADMIN)
    return visitor


async def read_log(mia: Visitor) -> list[Json]:
    """The entries after that of Mia's role, oldest first."""
    *entries, role = (await mia.read("/moderation/log"))["items"]
    assert role["action"] == "role_change"
    return list(reversed(entries))


async def test_invitations_are_logged(mia: Visitor, container: Container) -> None:
    invite = ok(await mia.call("POST", "/invites", json={"max_uses": 3, "days": 2}), 201)
    ok(await mia.call("DELETE", f"/invites/{invite['id']}"), 204)
    expect_problem(await mia.call("DELETE", f"/invites/{UNKNOWN_ID}"), 404, "not_found")
    other = await container.inviting().create(InviteRequest())
    await container.inviting().delete(other.id)
    with pytest.raises(InviteNotFound):
        await container.inviting().delete(other.id)

    log = await read_log(mia)

    me = (await mia.read("/me"))["id"]
    assert [(one["action"], one["actor_id"], one["user_id"]) for one in log] == [
        ("invite_creation", me, me),
        ("invite_deletion", me, me),
        ("invite_creation", None, str(OPERATOR)),
        ("invite_deletion", None, str(OPERATOR)),
    ]
    assert [one["details"]["invite_id"] for one in log] == [invite["id"]] * 2 + [str(other.id)] * 2
    assert (log[0]["details"]["moderator"], log[0]["details"]["max_uses"]) == ("mia", "3")
    assert invite["code"] not in str(log), "the code of an invitation is a secret"


async def test_editions_of_terms_are_logged(mia: Visitor, container: Container) -> None:
    ok(await mia.call("POST", "/terms", json={"text": "Be kind."}), 201)
    await container.terms_publishing().publish(NewTerms("Be kind, please."))

    log = await read_log(mia)

    assert [(one["action"], one["details"]["version"]) for one in log] == [
        ("terms_publication", "1"),
        ("terms_publication", "2"),
    ]
    assert [one["actor_id"] for one in log] == [(await mia.read("/me"))["id"], None]


async def test_reset_of_second_factors_is_logged(mia: Visitor, client: AsyncClient, container: Container) -> None:
    ada = await new_visitor(client, "ada")
    user_id = (await container.accounts().profile("ada")).user.id
    assert await container.factor_enrolment().reset(user_id) == 0
    assert await read_log(mia) == []
    ada = await ada.sign_in_again()
    await add_totp(ada, container.clock())
    await add_codes(ada)

    assert await container.factor_enrolment().reset(user_id) == 2

    (entry,) = await read_log(mia)
    assert (entry["action"], entry["actor_id"], entry["user_id"]) == ("factor_reset", None, str(user_id))
    assert entry["details"] == {"user": "ada", "factors": "2"}
