"""A local server with OpenAI's API, which can misbehave."""

import asyncio
import json
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

KEY = "sk-test-1234567890abcdef"
ALT_TEXT = "A brown dog runs along a beach with a red ball in its mouth."


@dataclass
class FakeResponse:
    """`status`, `body` and `headers` as sent; or `hang` (never answer), or `cut` (disconnect within the body)."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    hang: bool = False
    cut: bool = False


def completion(
    content: str | None, *, usage: Any = ..., finish: str = "stop", refusal: str | None = None
) -> FakeResponse:
    """A chat completion in OpenAI's form."""
    return FakeResponse(
        body={
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1_700_000_000,
            "model": "gpt-4o-mini-2024-07-18",
            "choices": [
                {
                    "index": 0,
                    "message": {"role": "assistant", "content": content, "refusal": refusal},
                    "finish_reason": finish,
                }
            ],
            "usage": {"prompt_tokens": 3_000, "completion_tokens": 90, "total_tokens": 3_090}
            if usage is ...
            else usage,
        }
    )


def caption_response(alt_text: Any = ALT_TEXT, tags: Any = ("dog", "beach", "ball"), **more: Any) -> FakeResponse:
    return completion(json.dumps({"alt_text": alt_text, "tags": list(tags), **more}))


def error_response(status: int, message: str = "", code: str | None = None, **headers: str) -> FakeResponse:
    """An error in OpenAI's form."""
    shape = {"error": {"message": message, "type": "error", "param": None, "code": code}}
    return FakeResponse(status, shape, {name.replace("_", "-"): value for name, value in headers.items()})


@dataclass
class Request:
    path: str
    headers: dict[str, str]
    body: Any


class FakeOpenAi:
    """Returns the entries of its script, one per request; the last one repeats."""

    def __init__(self) -> None:
        self.script: list[FakeResponse] = [caption_response()]
        self.requests: list[Request] = []
        self.url = ""
        self._connections: set[StreamWriter] = set()

    def respond_with(self, *script: FakeResponse) -> None:
        self.script = list(script)

    async def answer(self, reader: StreamReader, writer: StreamWriter) -> None:
        self._connections.add(writer)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while (head := await reader.readuntil(b"\r\n\r\n")).strip():
                await self._handle_request(head.decode(), reader, writer)
        writer.close()

    async def _handle_request(self, head: str, reader: StreamReader, writer: StreamWriter) -> None:
        first, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        self.requests.append(Request(first.split()[1], headers, json.loads(body or "null")))
        step = self.script[0] if len(self.script) == 1 else self.script.pop(0)
        if step.hang:
            await reader.read()
            raise ConnectionResetError
        writer.write(_encode(step))
        await writer.drain()
        if step.cut:
            raise ConnectionResetError

    def hang_up(self) -> None:
        for writer in self._connections:
            writer.close()


def _encode(step: FakeResponse) -> bytes:
    body = step.body.encode() if isinstance(step.body, str) else json.dumps(step.body).encode()
    headers = {"content-type": "application/json", "content-length": str(len(body)), **step.headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    sent = body[: len(body) // 2] if step.cut else body
    return f"HTTP/1.1 {step.status} Whatever\r\n{lines}\r\n".encode() + sent


@asynccontextmanager
async def fake_openai() -> AsyncIterator[FakeOpenAi]:
    service = FakeOpenAi()
    server = await asyncio.start_server(service.answer, "127.0.0.1", 0)
    service.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    try:
        yield service
    finally:
        server.close()
        service.hang_up()
        await server.wait_closed()
