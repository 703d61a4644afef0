"""A decoding process at work: one image after the other, until its service closes the socket."""

import socket
from functools import partial

from adapters.decoding.protocol import Frame, Kind, Task, receive_request, send_frame
from adapters.decoding.sandbox import limit_processor
from adapters.system.memory import give_back_freed
from adapters.vips.network_input import network_input
from adapters.vips.pipeline import Ask, prepared_frame
from adapters.vips.pixels import small_pixels
from domain.errors import DomainError
from domain.images import BrokenImage

UNASKED = 32 << 20
"""Bytes that an image may take without a place in the service's budget."""

_TASKS = {Task.RENDITIONS: prepared_frame, Task.NETWORK: network_input, Task.PIXELS: small_pixels}


def work(service: socket.socket, missing: list[str], processor_seconds: int) -> None:
    send_frame(service, Frame(Kind.DONE, {"missing": missing}))
    while True:
        try:
            task, number, data = receive_request(service)
        except EOFError:
            return
        limit_processor(processor_seconds)
        asked: list[int] = []
        send_frame(service, _answer(task, number, data, partial(_ask, service, asked)))
        del data
        if asked:
            give_back_freed()


def _answer(task: Task, number: int, data: bytes, ask: Ask) -> Frame:
    try:
        head, body = _TASKS[task](data, number, ask)
    except DomainError as refusal:
        return Frame(Kind.REFUSED, {"code": refusal.code, "detail": refusal.detail[:1000], "facts": refusal.facts})
    except MemoryError:
        detail = "decoding the image takes more memory than one image may have; make it smaller"
        return Frame(Kind.REFUSED, {"code": BrokenImage.code, "detail": detail, "facts": {}})
    except Exception as fault:  # noqa: BLE001 — the service logs it, this process goes on
        return Frame(Kind.FAILED, {"detail": f"{type(fault).__name__}: {fault}"[:1000]})
    return Frame(Kind.DONE, head, body)


def _ask(service: socket.socket, asked: list[int], memory: int) -> None:
    """Wait until there is room for so many bytes."""
    if memory > UNASKED:
        asked.append(memory)
        send_frame(service, Frame(Kind.MEMORY, {"bytes": memory}))
        if not service.recv(1):
            raise EOFError
