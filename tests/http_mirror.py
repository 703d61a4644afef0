"""A local web server with scripted responses, correct or faulty."""

import socket
import struct
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import ClassVar

Responder = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    answers: ClassVar[list[Responder]]
    requested_paths: ClassVar[list[str]]
    over: ClassVar[Event]

    def do_GET(self) -> None:
        self.close_connection = True
        self.requested_paths.append(self.path)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        with suppress(OSError):  # the client disconnected
            answer(self)

    def log_message(self, *_arguments: object) -> None:
        """Suppresses the request log."""

    def head(self, status: int, **fields: object) -> None:
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.send_header("Connection", "close")
        self.end_headers()


class Mirror:
    """Returns the responses in order; the last one repeats."""

    def __init__(self, answers: Sequence[Responder]) -> None:
        self.requested_paths: list[str] = []
        self.over = Event()
        members = {"answers": list(answers), "requested_paths": self.requested_paths, "over": self.over}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("ScriptedHandler", (Handler,), members))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def serve(self) -> None:
        self._server.serve_forever(poll_interval=0.02)

    def stop(self) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def mirror(*answers: Responder) -> Iterator[Mirror]:
    server = Mirror(answers)
    thread = Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join()


def respond_with(body: bytes, kind: str = "application/x-tar") -> Responder:
    def answer(handler: Handler) -> None:
        handler.head(200, Content_Type=kind, Content_Length=len(body))
        handler.wfile.write(body)

    return answer


def without_length(body: bytes) -> Responder:
    """The end of the connection ends the body."""

    def answer(handler: Handler) -> None:
        handler.head(200)
        handler.wfile.write(body)

    return answer


def respond_status(status: int) -> Responder:
    return lambda handler: handler.head(status, Content_Length=0)


def redirect_to(target: str) -> Responder:
    return lambda handler: handler.head(302, Location=target, Content_Length=0)


def truncate(body: bytes) -> Responder:
    """Sends half of the announced length."""

    def answer(handler: Handler) -> None:
        handler.head(200, Content_Length=len(body))
        handler.wfile.write(body[: len(body) // 2])

    return answer


def reset_connection(handler: Handler) -> None:
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def never_respond(handler: Handler) -> None:
    handler.over.wait()


def stall(handler: Handler) -> None:
    handler.head(200, Content_Length=1000)
    handler.wfile.write(b"\x1f\x8b")
    handler.over.wait()


def trickle(handler: Handler) -> None:
    """Sends one byte at a time, endlessly."""
    handler.head(200, Content_Length=1_000_000)
    while not handler.over.wait(0.02):
        handler.wfile.write(b"\x1f")


def trickle_headers(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not handler.over.wait(0.02):
        handler.wfile.write(b"x")


def send_endlessly(handler: Handler) -> None:
    """Sends an endless body without a length."""
    handler.head(200)
    block = b"\0" * 100_000
    while not handler.over.is_set():
        handler.wfile.write(block)
        time.sleep(0)
