"""The address of a mail server."""

from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import parse_qsl, unquote, urlsplit

from domain.errors import Invalid

EXAMPLE = "smtp://user:password@mail.example.org:587"


class Encryption(StrEnum):
    """`STARTTLS` is required, never only attempted: an attacker on the network could suppress it."""

    TLS = "tls"
    STARTTLS = "starttls"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class MailServer:
    host: str
    port: int
    encryption: Encryption
    username: str | None = None
    password: str | None = field(default=None, repr=False)


def parse_mail_server(url: str) -> MailServer:
    """Parse `smtps://` (TLS, port 465), `smtp://` (STARTTLS, port 587), or `smtp://…?tls=off` (port 25), with
    percent-encoded credentials. Raises `Invalid`, whose text does not repeat the URL, because of its password."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    try:
        port = parts.port
    except ValueError:
        raise Invalid(f"has an invalid port; use an address such as {EXAMPLE}") from None
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.path not in {"", "/"} or parts.fragment:
        raise Invalid(f"is not the address of a mail server; use one such as {EXAMPLE}")
    if options not in ({}, {"tls": "off"}) or (options and parts.scheme == "smtps"):
        raise Invalid("has unknown options; smtp://…?tls=off is the only one, for a server without encryption")
    if (parts.username is None) != (parts.password is None):
        raise Invalid(f"has a user or a password, but not both; use an address such as {EXAMPLE}")
    encryption = Encryption.TLS if parts.scheme == "smtps" else Encryption.OFF if options else Encryption.STARTTLS
    default_port = {Encryption.TLS: 465, Encryption.STARTTLS: 587, Encryption.OFF: 25}[encryption]
    username, password = (unquote(part) if part is not None else None for part in (parts.username, parts.password))
    return MailServer(parts.hostname, port or default_port, encryption, username, password)
