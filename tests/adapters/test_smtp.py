"""Mail by a real SMTP server."""

import logging
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

import pytest

from adapters.log.mailer import LogMailer
from adapters.smtp.health import SmtpProbe
from adapters.smtp.mailer import SmtpMailer
from domain.emails import EmailKind
from domain.errors import Invalid, Unavailable
from domain.mail_server import Encryption, MailServer, parse_mail_server
from domain.mailer import Message, MessageRefused
from tests.mail_server import PASSWORD, USER, make_certificate, run_mail_server

SENDER, SITE = "Tintype <noreply@pictures.example.org>", "https://pictures.example.org"
LINK = f"{SITE}/password-resets/{'x' * 43}"
CREDENTIALS = f"{USER}:{quote(PASSWORD, safe='')}@"


def new_message(recipient: str = "ada@example.org", kind: EmailKind = EmailKind.PASSWORD_RESET) -> Message:
    link = LINK if kind in {EmailKind.PASSWORD_RESET, EmailKind.PROOF, EmailKind.APPROVAL} else None
    is_factor = kind in {EmailKind.FACTOR_ADDED, EmailKind.FACTOR_REMOVED}
    detail = "totp" if is_factor else "new@example.org"
    return Message(kind, recipient, "ada", datetime(2026, 3, 1, 12, 30, tzinfo=UTC), link, detail)


def mailer_to(port: int, scheme: str = "smtp", credentials: str = "", options: str = "?tls=off") -> SmtpMailer:
    return SmtpMailer(parse_mail_server(f"{scheme}://{credentials}localhost:{port}{options}"), SENDER, SITE)


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.mark.parametrize(("scheme", "implicit"), [("smtp", False), ("smtps", True)])
async def test_message_is_sent_encrypted_with_credentials(
    certificate: Path, monkeypatch: pytest.MonkeyPatch, scheme: str, implicit: bool
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    async with run_mail_server(certificate, implicit=implicit) as server:
        await mailer_to(server.port, scheme, CREDENTIALS, "").send(new_message())

    message = server.read_message()
    assert server.encrypted == [True]
    assert message["From"] == SENDER
    assert message["To"] == "ada@example.org"
    assert message["Subject"] == "Reset your password"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@pictures.example.org>")
    assert LINK in part(message, "plain").splitlines()
    assert f'<a href="{LINK}">' in part(message, "html")
    assert max(map(len, part(message, "plain").splitlines())) <= max(72, len(LINK))


@pytest.mark.parametrize("kind", EmailKind)
async def test_every_kind_of_message_has_text_and_html(kind: EmailKind) -> None:
    async with run_mail_server() as server:
        await mailer_to(server.port).send(new_message(kind=kind))

    text = part(server.read_message(), "plain")
    assert text.startswith("Hello ada,\n\n")
    assert SITE in text
    assert (LINK in text) == (new_message(kind=kind).link is not None)
    assert "{" not in text
    assert "<p>Hello ada,</p>" in part(server.read_message(), "html")


async def test_untrusted_certificate_is_refused(certificate: Path) -> None:
    async with run_mail_server(certificate) as server:
        with pytest.raises(Unavailable) as refused:
            await mailer_to(server.port, credentials=CREDENTIALS, options="").send(new_message())

    assert "certificate verify failed" in refused.value.operator_message
    assert server.envelopes == []


async def test_server_without_encryption_is_refused_unless_allowed() -> None:
    async with run_mail_server() as server:
        with pytest.raises(Unavailable) as refused:
            await mailer_to(server.port, options="").send(new_message())
        assert "STARTTLS" in refused.value.operator_message

        await mailer_to(server.port).send(new_message())

    assert server.encrypted == [False]


async def test_wrong_password_is_temporary_and_not_repeated(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    async with run_mail_server(certificate) as server:
        mailer = mailer_to(server.port, credentials=f"{USER}:guessed-secret@", options="")
        with pytest.raises(Unavailable) as refused:
            await mailer.send(new_message())

    assert "535" in refused.value.operator_message or "uthentication" in refused.value.operator_message
    assert "guessed-secret" not in refused.value.operator_message
    assert refused.value.detail == "the mail server cannot be used"


@pytest.mark.parametrize("field", ["reply", "recipient_reply"])
async def test_replies_are_permanent_or_temporary(field: str) -> None:
    async with run_mail_server() as server:
        setattr(server, field, "550 no such mailbox")
        with pytest.raises(MessageRefused, match="550 no such mailbox"):
            await mailer_to(server.port).send(new_message())
        setattr(server, field, "451 greylisted")
        with pytest.raises(Unavailable) as deferred:
            await mailer_to(server.port).send(new_message())

    assert "451 greylisted" in deferred.value.operator_message


async def test_unreachable_server_is_temporary() -> None:
    with pytest.raises(Unavailable) as refused:
        await mailer_to(1).send(new_message())

    assert "localhost:1" in refused.value.operator_message
    health = await SmtpProbe(parse_mail_server("smtp://localhost:1?tls=off")).check()
    assert (health.ok, health.required) == (False, False)


async def test_probe_connects() -> None:
    async with run_mail_server() as server:
        health = await SmtpProbe(parse_mail_server(f"smtp://localhost:{server.port}?tls=off")).check()

    assert health.ok


@pytest.mark.parametrize(
    ("address", "recipient"),
    [
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("ada@straße.example", "ada@xn--strae-oqa.example"),
        ("ada@例え.テスト", "ada@xn--r8jz45g.xn--zckzah"),
        ("jürgen@example.org", "jürgen@example.org"),
        ("jürgen@bücher.example", "jürgen@xn--bcher-kva.example"),
        ("a.b+c'd@example.org", "a.b+c'd@example.org"),
    ],
)
async def test_addresses_of_every_script(address: str, recipient: str) -> None:
    async with run_mail_server() as server:
        await mailer_to(server.port).send(new_message(address))

    (envelope,) = server.envelopes
    assert envelope.rcpt_tos == [recipient]
    assert server.read_message()["Subject"] == "Reset your password"


async def test_address_that_server_cannot_accept_is_refused() -> None:
    async with run_mail_server(utf8=False) as server:
        with pytest.raises(MessageRefused, match="outside of ASCII"):
            await mailer_to(server.port).send(new_message("jürgen@example.org"))
        with pytest.raises(MessageRefused, match="not valid in a message"):
            await mailer_to(server.port).send(new_message("a..b@example.org"))
        with pytest.raises(MessageRefused, match="cannot be encoded"):
            await mailer_to(server.port).send(new_message("ada@-bücher.example"))
        await mailer_to(server.port).send(new_message("ada@bücher.example"))

    assert len(server.envelopes) == 1


@pytest.mark.parametrize("detail", ["x\r\nBcc: eve@example.org", "<script>alert(1)</script>"])
async def test_texts_of_users_are_in_no_header(detail: str) -> None:
    message = Message(EmailKind.SIGN_IN, "ada@example.org", "ada", datetime(2026, 3, 1, tzinfo=UTC), None, detail)
    async with run_mail_server() as server:
        await mailer_to(server.port).send(message)

    assert set(server.read_message().keys()) == {
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Auto-Submitted",
        "MIME-Version",
        "Content-Type",
    }
    assert "<script>" not in part(server.read_message(), "html")


@pytest.mark.parametrize("address", ["ada@example.org\r\nBcc: eve@example.org", "ada@example.org> SIZE=1"])
async def test_address_cannot_add_headers_or_commands(address: str) -> None:
    """Domain rules refuse such addresses. The adapter does not depend on that."""
    async with run_mail_server() as server:
        with pytest.raises((MessageRefused, Unavailable, ValueError)):
            await mailer_to(server.port).send(new_message(address))

    assert server.envelopes == []


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example", MailServer("mail.example", 587, Encryption.STARTTLS)),
        ("smtp://u:p%40ss@mail.example:2525", MailServer("mail.example", 2525, Encryption.STARTTLS, "u", "p@ss")),
        ("smtps://mail.example", MailServer("mail.example", 465, Encryption.TLS)),
        ("smtp://mail.example?tls=off", MailServer("mail.example", 25, Encryption.OFF)),
    ],
)
def test_address_of_server_is_parsed(url: str, expected: MailServer) -> None:
    assert parse_mail_server(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "mail.example",
        "http://mail.example",
        "smtp://",
        "smtp://u@mail.example",
        "smtp://m:x",
        "smtp://m/path",
        "smtps://m?tls=off",
        "smtp://m?tls=maybe",
        "smtp://m?ca=x",
    ],
)
def test_invalid_address_of_server_is_refused(url: str) -> None:
    with pytest.raises(Invalid):
        parse_mail_server(url)


async def test_log_contains_link(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "tintype.mail"):
        await LogMailer().send(new_message())
        await LogMailer().send(new_message(kind=EmailKind.SIGN_IN))

    assert caplog.messages == [f"message to @ada (password reset): {LINK}", "message to @ada (sign in)"]
