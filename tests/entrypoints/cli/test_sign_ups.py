"""Invitations and approvals on the command line, in memory."""

import asyncio
from pathlib import Path

from domain.sign_ups import Application, SignUpMode
from domain.users import SignUp
from tests.containers import memory_container
from tests.entrypoints.cli.conftest import PASSWORD, Tintype


def test_invitation_is_created_listed_and_deleted(tintype: Tintype) -> None:
    assert "no invitations" in tintype("invite", "list").out
    (invite,) = tintype("invite", "create", "--uses", "3", "--days", "2", "--json").lines
    assert (invite["max_uses"], invite["uses"], invite["creator"]) == (3, 0, None)
    assert "0 of 3" in tintype("invite", "list").out
    assert tintype("invite", "list", "--json").lines == [invite]
    assert tintype("invite", "delete", invite["id"]).code == 0
    assert tintype("invite", "delete", invite["id"]).code == 3
    assert tintype("invite", "delete", "1").code == 3


def test_invalid_bounds_are_refused(tintype: Tintype) -> None:
    assert tintype("invite", "create", "--uses", "0").code == 4
    assert tintype("invite", "create", "--days", "400").code == 4


def test_sign_ups_are_approved_and_refused() -> None:
    tintype = Tintype(memory_container(config={"sign_up": SignUpMode.APPROVAL}))
    for name in ("ada", "eve"):
        newcomer = SignUp(name, f"{name}@example.org", PASSWORD)
        asyncio.run(tintype.container.signing_up().sign_up(newcomer, Application(reason="I draw.")))

    assert tintype("user", "list").out.count("pending") == 2
    assert tintype("user", "show", "ada").code == 0
    assert tintype("user", "approve", "ada").code == 0
    assert tintype("user", "approve", "ada").code == 3
    assert tintype("user", "refuse", "eve").code == 0
    assert tintype("user", "show", "eve").code == 3
    assert "pending" not in tintype("user", "list").out


def test_terms_are_published_and_shown(tintype: Tintype, tmp_path: Path) -> None:
    assert tintype("terms", "show").code == 3
    file = tmp_path / "terms.txt"
    for number, text in enumerate(("Be kind.", "Be kind, please."), 1):
        file.write_text(text)
        assert f"Published version {number}" in tintype("terms", "set", file).out
    assert "Be kind, please." in tintype("terms", "show").out
    assert tintype("terms", "show", "--version", "1", "--json").lines[0]["text"] == "Be kind."
    file.write_text("")
    assert tintype("terms", "set", file).code == 4
    assert tintype("terms", "set", tmp_path / "none").code == 2
