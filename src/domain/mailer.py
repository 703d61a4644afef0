"""The port that sends messages."""

from abc import abstractmethod
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from domain.emails import EmailKind
from domain.errors import Invalid


@dataclass(frozen=True, slots=True)
class Message:
    """The content of an e-mail, which adapters render. `detail` is that of `Email`, and `at` is when its cause
    occurred."""

    kind: EmailKind
    recipient: str
    username: str
    at: datetime
    link: str | None = field(default=None, repr=False)
    detail: str = ""


class MessageRefused(Invalid):
    """The mail server refused this message permanently, or the address cannot be written for it."""

    code = "message_refused"


class Mailer(Protocol):
    @abstractmethod
    async def send(self, message: Message) -> None:
        """Send a message. Raises `MessageRefused` where another attempt cannot help, and `Unavailable`."""
