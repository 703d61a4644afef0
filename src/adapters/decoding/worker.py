"""The main loop of a decoding process: it decodes images until the service closes the socket."""

import socket
from functools import partial

from adapters.decoding.protocol import DecodingTask, Frame, FrameKind, receive_request, send_frame
from adapters.decoding.sandbox import limit_processor
from adapters.system.memory import release_freed_memory
from adapters.vips.network_input import network_input
from adapters.vips.pdq import pdq_head
from adapters.vips.pipeline import RequestMemory, prepare_frame
from adapters.vips.pixels import small_pixels
from domain.errors import DomainError
from domain.images import BrokenImage

UNBUDGETED_BYTES = 32 << 20
"""Bytes that an image may use outside the memory budget."""

_TASKS = {
    DecodingTask.RENDITIONS: prepare_frame,
    DecodingTask.NETWORK: network_input,
    DecodingTask.PIXELS: small_pixels,
    DecodingTask.PDQ: pdq_head,
}


def work(service: socket.socket, missing: list[str], processor_seconds: int) -> None:
    send_frame(service, Frame(FrameKind.DONE, {"missing": missing}))
    while True:
        try:
            task, number, data = receive_request(service)
        except EOFError:
            return
        limit_processor(processor_seconds)
        requested: list[int] = []
        send_frame(service, _run_task(task, number, data, partial(_request_memory, service, requested)))
        del data
        if requested:
            release_freed_memory()


def _run_task(task: DecodingTask, number: int, data: bytes, request_memory: RequestMemory) -> Frame:
    try:
        head, body = _TASKS[task](data, number, request_memory)
    except DomainError as refusal:
        return Frame(FrameKind.REFUSED, {"code": refusal.code, "detail": refusal.detail[:1000], "facts": refusal.facts})
    except MemoryError:
        detail = "decoding the image needs more memory than one image may use; make it smaller"
        return Frame(FrameKind.REFUSED, {"code": BrokenImage.code, "detail": detail, "facts": {}})
    except Exception as fault:  # noqa: BLE001 — the service logs the error, the process continues
        return Frame(FrameKind.FAILED, {"detail": f"{type(fault).__name__}: {fault}"[:1000]})
    return Frame(FrameKind.DONE, head, body)


def _request_memory(service: socket.socket, requested: list[int], memory: int) -> None:
    """Wait until the service grants `memory` bytes."""
    if memory > UNBUDGETED_BYTES:
        requested.append(memory)
        send_frame(service, Frame(FrameKind.MEMORY, {"bytes": memory}))
        if not service.recv(1):
            raise EOFError
