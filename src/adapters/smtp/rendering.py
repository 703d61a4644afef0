"""Messages as e-mails: headers without users' text, and a body in plain text and HTML from one template."""

import textwrap
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid, parseaddr
from functools import cache
from pathlib import Path

import idna
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from domain.emails import EmailKind
from domain.mailer import Message, MessageRefused

WIDTH = 72
SUBJECTS = {
    EmailKind.PASSWORD_RESET: "Reset your password",
    EmailKind.PROOF: "Confirm your e-mail address",
    EmailKind.APPROVAL: "Approve your new e-mail address",
    EmailKind.ADDRESS_IN_USE: "You already have an account",
    EmailKind.ADDRESS_CHANGED: "Your e-mail address was changed",
    EmailKind.PASSWORD_CHANGED: "Your password was changed",
    EmailKind.SIGN_IN: "New sign-in to your account",
    EmailKind.FACTOR_ADDED: "A second factor was added to your account",
    EmailKind.FACTOR_REMOVED: "A second factor was removed from your account",
}


def make_email(message: Message, sender: str, site: str) -> tuple[EmailMessage, str]:
    """Return the e-mail and its recipient. The domain of the recipient is encoded in ASCII (IDNA 2008). Raises
    `MessageRefused` for an address that cannot be written."""
    recipient, paragraphs = _encode_address(message.recipient), _paragraphs(message, site)
    _, sender_address = parseaddr(sender)
    email = EmailMessage(SMTP)
    email["From"] = sender
    email["To"] = _header_address(recipient)
    email["Subject"] = SUBJECTS[message.kind]
    email["Date"] = format_datetime(message.at)
    email["Message-ID"] = make_msgid(domain=sender_address.rpartition("@")[2])
    email["Auto-Submitted"] = "auto-generated"
    email.set_content("\n\n".join(map(_wrap, paragraphs)) + "\n")
    html = _environment().get_template("layout.html").render(paragraphs=paragraphs, link=message.link)
    email.add_alternative(html, subtype="html")
    return email, recipient


def _paragraphs(message: Message, site: str) -> list[str]:
    text = _environment().get_template(f"{message.kind.value}.txt").render(message=message, site=site)
    return [" ".join(paragraph.split()) for paragraph in text.split("\n\n")]


def _wrap(paragraph: str) -> str:
    return textwrap.fill(paragraph, WIDTH, break_long_words=False, break_on_hyphens=False)


def _encode_address(address: str) -> str:
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain if domain.isascii() else idna.encode(domain, uts46=True).decode()}"
    except idna.IDNAError as error:
        raise MessageRefused(f"the domain of the address cannot be encoded: {error}") from None


def _header_address(address: str) -> Address | str:
    try:
        return Address(addr_spec=address) if address.isascii() else address
    except (ValueError, MessageError) as error:
        raise MessageRefused(f"the address is not valid in a message: {error}") from None


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        auto_reload=False,
    )
