"""Maps the refusals of a decoding process to domain errors. Only texts and numbers are taken from them, since an image
may control the process."""

import signal
from logging import Logger

from adapters.decoding.protocol import Frame, FrameKind
from domain.errors import DomainError, Unavailable
from domain.images import BrokenImage, TooManyPixels, UnsupportedImage

REFUSALS: dict[str, type[DomainError]] = {
    refused.code: refused for refused in (BrokenImage, TooManyPixels, UnsupportedImage)
}
_FACTS = ("limit", "actual")


def refusal(frame: Frame, logger: Logger) -> DomainError:
    detail = str(frame.head.get("detail", ""))
    if frame.kind is not FrameKind.REFUSED:
        logger.error("a decoder failed: %s", detail)
        return undecodable_error()
    facts = frame.head.get("facts")
    stated = facts if isinstance(facts, dict) else {}
    numbers = {name: stated[name] for name in _FACTS if isinstance(stated.get(name), int | float)}
    return REFUSALS.get(str(frame.head.get("code")), BrokenImage)(detail, **numbers)


def undecodable_error() -> BrokenImage:
    """For an invalid answer: an image may have taken over the process."""
    return BrokenImage("the image cannot be decoded; save it again with another program")


def death_error(death: int | None, processor_seconds: int, logger: Logger) -> DomainError:
    """For a process killed by this signal, or together with its spawner (None). An image cannot send SIGKILL: the
    system sends it when memory is short, or an operator does."""
    if death is None or death == signal.SIGKILL:
        logger.warning("a decoding process was killed while it decoded an image; the machine may be short of memory")
        return unavailable_error()
    if death == signal.SIGXCPU:
        return BrokenImage(
            f"decoding the image takes more than {processor_seconds} s of CPU time; save it again with another program",
            limit=processor_seconds,
        )
    return BrokenImage(
        "the decoder crashed: the image is damaged, or needs more memory than one image may use; save it again with "
        "another program"
    )


def timeout_error(deadline: float, logger: Logger) -> Unavailable:
    """For an image whose process got too little CPU time to finish or to reach its limit."""
    logger.warning("an image was not decoded within %g s, because the machine is busy", deadline)
    return Unavailable(
        f"the machine is busy: the image was not decoded within {deadline:g} s; send it again later", retry_after=10.0
    )


def unavailable_error() -> Unavailable:
    return Unavailable("images cannot be decoded now; retry in 5 s", retry_after=5.0)
