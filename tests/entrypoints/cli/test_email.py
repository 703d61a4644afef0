"""E-mails on the command line."""

import asyncio

from domain.emails import Email, EmailKind
from domain.ids import EmailId
from tests.entrypoints.cli.conftest import Tintype


def add_failed_email(tintype: Tintype) -> None:
    async def add() -> None:
        container = tintype.container
        email = Email(EmailId(container.ids().new()), EmailKind.PROOF, "ada@example.org", container.clock().now())
        async with container.storage().begin() as uow:
            await uow.emails.add(email.mark_failed("message_refused: 550 no\x1b[31m such mailbox"))
            await uow.commit()

    asyncio.run(add())


def test_failed_emails_are_shown_and_retried(tintype: Tintype) -> None:
    add_failed_email(tintype)

    shown = tintype("jobs", "status")
    assert "failed" in shown.out
    assert "550 no" in shown.out
    assert "\x1b" not in shown.out
    (line,) = tintype("jobs", "status", "--json").lines
    assert {**line, "example_error": ""} == {"task": "email", "state": "failed", "count": 1, "example_error": ""}
    assert tintype("jobs", "retry", "--json").lines == [{"retried": 1}]

    assert [line["state"] for line in tintype("jobs", "status", "--json").lines] == ["pending"]


def test_operator_sets_address(tintype: Tintype) -> None:
    tintype.sign_up("ada", "bob")

    assert tintype("user", "email", "ada", "New@example.org").code == 0
    assert "new@example.org" in tintype("user", "list").out

    assert tintype("user", "email", "ada", "bob@example.org").code == 4
    assert tintype("user", "email", "ada", "nowhere").code == 4
    assert tintype("user", "email", "nobody", "nobody@example.org").code == 3
