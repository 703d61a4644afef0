"""A decoding process's refusals as the domain's errors. Nothing of them is believed but texts and numbers."""

import signal
from logging import Logger

from adapters.decoding.protocol import Frame, FrameKind
from domain.errors import DomainError, Unavailable
from domain.images import BrokenImage, TooManyPixels, UnsupportedImage

REFUSALS: dict[str, type[DomainError]] = {
    refused.code: refused for refused in (BrokenImage, TooManyPixels, UnsupportedImage)
}
_FACTS = ("limit", "actual")


def refusal(frame: Frame, log: Logger) -> DomainError:
    detail = str(frame.head.get("detail", ""))
    if frame.kind is not FrameKind.REFUSED:
        log.error("a decoder failed: %s", detail)
        return undecodable_error()
    facts = frame.head.get("facts")
    known = facts if isinstance(facts, dict) else {}
    numbers = {name: known[name] for name in _FACTS if isinstance(known.get(name), int | float)}
    return REFUSALS.get(str(frame.head.get("code")), BrokenImage)(detail, **numbers)


def undecodable_error() -> BrokenImage:
    """For an answer that cannot be: an image may have taken its process over."""
    return BrokenImage("the image cannot be decoded; save it again with another program")


def stopped(death: int | None, processor_seconds: int, log: Logger) -> DomainError:
    """For a process that died from this signal at an image, or with its spawner (None). An image cannot send SIGKILL:
    that is the system's, short of memory, or a person's."""
    if death is None or death == signal.SIGKILL:
        log.warning("a decoding process was killed at an image; the machine may be short of memory")
        return busy()
    if death == signal.SIGXCPU:
        return BrokenImage(
            f"decoding the image takes more than {processor_seconds} s of a processor; save it again with another "
            "program",
            limit=processor_seconds,
        )
    return BrokenImage(
        "the decoder stopped at this image: it is damaged, or takes more memory than one image may have; save it again "
        "with another program"
    )


def out_of_time(deadline: float, log: Logger) -> Unavailable:
    """For an image whose process got too little of a processor to come to an end or to its limit."""
    log.warning("an image was not decoded within %g s, because the machine is busy", deadline)
    return Unavailable(
        f"the machine is busy: the image was not decoded within {deadline:g} s; send it again later", retry_after=10.0
    )


def busy() -> Unavailable:
    return Unavailable("images cannot be decoded at the moment; try again later", retry_after=5.0)
