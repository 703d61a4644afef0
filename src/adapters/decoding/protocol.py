"""The protocol between the service and a decoding process: numbers, JSON objects and raw bytes, never Python objects.

A request holds a task, a number and an image. The process answers with a JSON head and a body of bytes. Before it
decodes a costly image, it asks for memory and waits for one byte.
"""

import json
import socket
import struct
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

_REQUEST = struct.Struct(">BQQ")
_FRAME = struct.Struct(">BII")
MAX_HEAD = 16 << 10
MAX_BODY = 64 << 20
_CHUNK = 1 << 20


class DecodingTask(IntEnum):
    """What a process computes: the renditions, the network's input, a small copy as raw pixels, or PDQ hashes."""

    RENDITIONS = 1
    NETWORK = 2
    PIXELS = 3
    PDQ = 4


class FrameKind(IntEnum):
    DONE = 1
    REFUSED = 2
    MEMORY = 3
    FAILED = 4


@dataclass(frozen=True, slots=True)
class Frame:
    """A message of a decoding process. `head` is JSON."""

    kind: FrameKind
    head: dict[str, Any] = field(default_factory=dict)
    body: bytes = b""


class MalformedFrame(Exception):
    """The peer violates the protocol."""


def send_request(to: socket.socket, task: DecodingTask, number: int, data: bytes) -> None:
    to.sendall(_REQUEST.pack(task, number, len(data)))
    to.sendall(data)


def receive_request(source: socket.socket) -> tuple[DecodingTask, int, bytes]:
    """Raises `EOFError` when the peer has closed the connection."""
    task, number, length = _REQUEST.unpack(_receive_exactly(source, _REQUEST.size))
    return DecodingTask(task), number, _receive_exactly(source, length)


def send_frame(to: socket.socket, frame: Frame) -> None:
    head = json.dumps(frame.head).encode()
    to.sendall(_FRAME.pack(frame.kind, len(head), len(frame.body)) + head)
    to.sendall(frame.body)


def receive_frame(source: socket.socket) -> Frame:
    """Raises `MalformedFrame`, `EOFError`. The sizes in the frame are checked against limits."""
    kind, head, body = _FRAME.unpack(_receive_exactly(source, _FRAME.size))
    if head > MAX_HEAD or body > MAX_BODY:
        raise MalformedFrame(f"a frame of {head} and {body} bytes")
    try:
        text = json.loads(_receive_exactly(source, head))
        return Frame(FrameKind(kind), dict(text), _receive_exactly(source, body))
    except (ValueError, TypeError, RecursionError) as fault:
        raise MalformedFrame(str(fault)) from fault


def _receive_exactly(source: socket.socket, length: int) -> bytes:
    if length <= _CHUNK and len(once := source.recv(length, socket.MSG_WAITALL)) == length:
        return once
    if length <= _CHUNK:
        raise EOFError
    buffer = bytearray(length)
    view = memoryview(buffer)
    at = 0
    while at < length:
        count = source.recv_into(view[at : at + _CHUNK])
        if count == 0:
            raise EOFError
        at += count
    return bytes(buffer)
