import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import aiosmtplib

from adapters.smtp.rendering import make_email
from domain.errors import Unavailable
from domain.mail_server import Encryption, MailServer
from domain.mailer import Mailer, Message, MessageRefused

TIMEOUT = 45
"""Seconds for a message, less than the lease of an attempt."""
MAX_QUOTE = 200
PERMANENT = 500
"""The lowest reply code of a permanent error (RFC 5321, 4.2.1)."""


class SmtpMailer(Mailer):
    def __init__(self, server: MailServer, sender: str, site: str) -> None:
        self._server = server
        self._sender = sender
        self._site = site

    async def send(self, message: Message) -> None:
        email, recipient = make_email(message, self._sender, self._site)
        server = self._server
        with translate_errors(f"{server.host}:{server.port}"):
            async with asyncio.timeout(TIMEOUT), connect(server) as client:
                if not recipient.isascii():
                    await _require_unicode_addresses(client)
                await client.send_message(email, recipients=[recipient])


async def _require_unicode_addresses(client: aiosmtplib.SMTP) -> None:
    await client.ehlo()
    if not client.supports_extension("smtputf8"):
        raise MessageRefused("the mail server does not accept addresses with letters outside of ASCII")


def connect(server: MailServer) -> aiosmtplib.SMTP:
    """Return a client that connects, with the required encryption and credentials, when it is entered."""
    return aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        username=server.username,
        password=server.password,
        use_tls=server.encryption is Encryption.TLS,
        start_tls=server.encryption is Encryption.STARTTLS,
        tls_context=None if server.encryption is Encryption.OFF else ssl.create_default_context(),
        timeout=TIMEOUT,
    )


@contextmanager
def translate_errors(where: str) -> Iterator[None]:
    """Translate the errors of a connection. Errors that do not concern the message itself can be temporary: an operator
    corrects a password."""
    try:
        yield
    except (aiosmtplib.SMTPSenderRefused, aiosmtplib.SMTPRecipientRefused, aiosmtplib.SMTPDataError) as error:
        raise _reply_error(error, where) from None
    except aiosmtplib.SMTPRecipientsRefused as error:
        raise _reply_error(error.recipients[0], where) from None
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        detail = f"{where}: {_quote(str(error) or type(error).__name__)}; check TINTYPE_SMTP_URL"
        raise Unavailable("the mail server cannot be used", operator_detail=detail) from None


def _reply_error(error: aiosmtplib.SMTPResponseException, where: str) -> MessageRefused | Unavailable:
    reply = f"{error.code} {_quote(error.message)}"
    if error.code >= PERMANENT:
        return MessageRefused(f"the mail server refused the message: {reply}")
    return Unavailable("the mail server deferred the message", operator_detail=f"{where}: {reply}")


def _quote(text: str) -> str:
    return " ".join(text.split())[:MAX_QUOTE]
