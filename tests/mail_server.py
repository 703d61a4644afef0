"""A mail server in this process: aiosmtpd, with TLS by a certificate of its own."""

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "tintype", "p@ss/word"


@dataclass
class MailServer:
    """Accepts messages, unless a reply is set."""

    port: int = 0
    reply: str = "250 OK"
    recipient_reply: str = "250 OK"
    envelopes: list[Envelope] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)

    def read_message(self) -> EmailMessage:
        """The only message. Not a property, because aiosmtpd reads all attributes of its handler."""
        (envelope,) = self.envelopes
        assert isinstance(envelope.content, bytes)
        found = message_from_bytes(envelope.content, policy=default)
        assert isinstance(found, EmailMessage)
        return found

    async def handle_RCPT(  # noqa: N802 — the name of aiosmtpd's hook
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.recipient_reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient_reply

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 — as above
        if self.reply.startswith("250"):
            self.envelopes.append(envelope)
            assert server.transport is not None
            self.encrypted.append(server.transport.get_extra_info("sslcontext") is not None)
        return self.reply


def _authenticate(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
    is_right = isinstance(data, LoginPassword) and data == LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=is_right, handled=False)


@asynccontextmanager
async def run_mail_server(
    certificate: Path | None = None, *, implicit: bool = False, utf8: bool = True
) -> AsyncIterator[MailServer]:
    """A server without encryption, or one that requires it and the credentials, by STARTTLS or from the start."""
    found = MailServer()
    context = None
    if certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate, certificate.with_suffix(".key"))
    starts = context is not None and not implicit
    options: dict[str, Any] = {"enable_SMTPUTF8": utf8, "hostname": "mail.test"}
    if context:
        options |= {"authenticator": _authenticate, "auth_require_tls": starts}
    if starts:
        options |= {"tls_context": context, "require_starttls": True, "auth_required": True}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(found, loop=loop, **options), "127.0.0.1", 0, ssl=context if implicit else None
    )
    found.port = server.sockets[0].getsockname()[1]
    try:
        yield found
    finally:
        server.close()


def make_certificate(folder: Path) -> Path:
    """A certificate for localhost, with its key beside it."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("there is no openssl to make a certificate")
    path = folder / "localhost.pem"
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost", "-out", str(path), "-keyout", str(path.with_suffix(".key"))]
    subprocess.run(command, check=True, capture_output=True)
    return path
