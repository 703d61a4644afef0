"""Types and checks of settings."""

from decimal import Decimal
from email.headerregistry import Address
from email.utils import parseaddr
from ipaddress import ip_network
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr

from domain.errors import Invalid
from domain.mail_server import parse_mail_server
from domain.users import email_error
from domain.vision.model_source import parse_model_source

Dollars = Annotated[Decimal, Field(ge=0, le=1_000_000)]


def split_words(text: str) -> list[str]:
    """The words of a text, separated by commas or spaces."""
    return text.replace(",", " ").split()


def check_model_urls(text: str) -> str:
    try:
        for url in split_words(text):
            parse_model_source(url)
    except Invalid as fault:
        raise ValueError(fault.detail) from None
    return text


def check_proxies(text: str) -> str:
    for one in split_words(text):
        try:
            ip_network(one)
        except ValueError as fault:
            raise ValueError(f"{fault}; use addresses or networks, such as 10.0.0.0/8, separated by commas") from None
    return text


def check_public_url(text: str) -> str:
    if text and (urlsplit(text).scheme not in {"http", "https"} or not urlsplit(text).hostname):
        raise ValueError("is not a web address; use one such as https://pictures.example.org")
    return text


def check_screening_url(text: str) -> str:
    if text and (urlsplit(text).scheme not in {"http", "https"} or not urlsplit(text).hostname):
        raise ValueError("is not a web address; use one such as http://hma.example.org:5000")
    return text


def check_endpoint(text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/")):
        raise ValueError("is not the address of a server; use one such as https://s3.example.org")
    return text.rstrip("/")


def check_smtp_url(url: SecretStr) -> SecretStr:
    if text := url.get_secret_value():
        try:
            parse_mail_server(text)
        except Invalid as fault:
            raise ValueError(fault.detail) from None
    return url


def check_sender(text: str) -> str:
    if not text:
        return text
    name, address = parseaddr(text)
    if not text.isprintable() or not address.isascii() or email_error(address):
        raise ValueError("is not a sender; use one such as Tintype <noreply@pictures.example.org>")
    return str(Address(name, addr_spec=address))


def check_provider(issuer: str, client_id: str) -> None:
    if bool(issuer) != bool(client_id):
        raise ValueError("TINTYPE_OIDC_ISSUER and TINTYPE_OIDC_CLIENT_ID need each other; set both or none")
