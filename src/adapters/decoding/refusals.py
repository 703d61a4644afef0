"""A decoding process's refusals as the domain's errors. Nothing of them is believed but texts and numbers."""

from logging import Logger

from adapters.decoding.protocol import Frame, Kind
from domain.errors import DomainError
from domain.images import BrokenImage, TooManyPixels, UnsupportedImage

REFUSALS: dict[str, type[DomainError]] = {
    refused.code: refused for refused in (BrokenImage, TooManyPixels, UnsupportedImage)
}
_FACTS = ("limit", "actual")


def refusal(frame: Frame, log: Logger) -> DomainError:
    detail = str(frame.head.get("detail", ""))
    if frame.kind is not Kind.REFUSED:
        log.error("a decoder failed: %s", detail)
        return undecodable()
    facts = frame.head.get("facts")
    known = facts if isinstance(facts, dict) else {}
    numbers = {name: known[name] for name in _FACTS if isinstance(known.get(name), int | float)}
    return REFUSALS.get(str(frame.head.get("code")), BrokenImage)(detail, **numbers)


def undecodable() -> BrokenImage:
    """For an answer that cannot be: an image may have taken its process over."""
    return BrokenImage("the image cannot be decoded; save it again with another program")
