"""Headers that a response has unless its route set them."""

from collections.abc import Iterable

from starlette.types import Message

Header = tuple[bytes, bytes]


def add_missing(message: Message, defaults: Iterable[Header]) -> None:
    """Add those of the headers that the start of a response lacks. Names are in lower case, as ASGI requires."""
    sent: list[Header] = message["headers"]
    names = {name for name, _ in sent}
    message["headers"] = [*sent, *(header for header in defaults if header[0] not in names)]
