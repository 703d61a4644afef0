"""What the service and a decoding process say to each other: numbers, JSON objects and raw bytes, never Python objects.

A request is a task, a number and an image. The process answers with a head and bytes; before an expensive image it
first asks for memory and waits for one byte.
"""

import json
import socket
import struct
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

_REQUEST = struct.Struct(">BQQ")
_FRAME = struct.Struct(">BII")
LONGEST_HEAD = 16 << 10
LONGEST_BODY = 64 << 20
_PIECE = 1 << 20


class Task(IntEnum):
    """What is made of an image: renditions, the network's input, or a small copy of plain pixels."""

    RENDITIONS = 1
    NETWORK = 2
    PIXELS = 3


class Kind(IntEnum):
    DONE = 1
    REFUSED = 2
    MEMORY = 3
    FAILED = 4


@dataclass(frozen=True, slots=True)
class Frame:
    """`head` is what JSON can hold."""

    kind: Kind
    head: dict[str, Any] = field(default_factory=dict)
    body: bytes = b""


class Malformed(Exception):
    """The other side does not speak the protocol."""


def send_request(to: socket.socket, task: Task, number: int, data: bytes) -> None:
    to.sendall(_REQUEST.pack(task, number, len(data)))
    to.sendall(data)


def receive_request(source: socket.socket) -> tuple[Task, int, bytes]:
    """Raises `EOFError` when the other side has gone."""
    task, number, length = _REQUEST.unpack(_exactly(source, _REQUEST.size))
    return Task(task), number, _exactly(source, length)


def send_frame(to: socket.socket, frame: Frame) -> None:
    head = json.dumps(frame.head).encode()
    to.sendall(_FRAME.pack(frame.kind, len(head), len(frame.body)) + head)
    to.sendall(frame.body)


def receive_frame(source: socket.socket) -> Frame:
    """Raises `Malformed`, `EOFError`; what it believes of the sizes is bounded."""
    kind, head, body = _FRAME.unpack(_exactly(source, _FRAME.size))
    if head > LONGEST_HEAD or body > LONGEST_BODY:
        raise Malformed(f"a frame of {head} and {body} bytes")
    try:
        text = json.loads(_exactly(source, head))
        return Frame(Kind(kind), dict(text), _exactly(source, body))
    except (ValueError, TypeError, RecursionError) as fault:
        raise Malformed(str(fault)) from fault


def _exactly(source: socket.socket, length: int) -> bytes:
    if length <= _PIECE and len(once := source.recv(length, socket.MSG_WAITALL)) == length:
        return once
    if length <= _PIECE:
        raise EOFError
    whole = bytearray(length)
    view = memoryview(whole)
    at = 0
    while at < length:
        count = source.recv_into(view[at : at + _PIECE])
        if count == 0:
            raise EOFError
        at += count
    return bytes(whole)
