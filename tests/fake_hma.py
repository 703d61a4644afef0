"""A local server with the `lookup` of a Hasher-Matcher-Actioner server."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

from domain.vision.pdq import MAX_PDQ_DISTANCE, Pdq, parse_pdq, pdq_distance


@dataclass
class FakeHma:
    """Answers with the contents of `banks` within the distance that PDQ's authors recommend. `status` and `body`
    replace the answer."""

    banks: dict[str, list[Pdq]] = field(default_factory=dict)
    status: int = 200
    body: str | None = None
    requests: list[str] = field(default_factory=list)
    url: str = ""

    def answer(self, path: str) -> tuple[int, str]:
        self.requests.append(path)
        address, query = urlsplit(path), parse_qs(urlsplit(path).query)
        signal = parse_pdq(query.get("signal", [""])[0])
        if address.path != "/m/lookup" or query.get("signal_type") != ["pdq"] or signal is None:
            return 400, json.dumps({"message": "invalid signal"})
        if self.body is not None or self.status != 200:
            return self.status, self.body or ""
        found = {bank: _near(contents, signal) for bank, contents in self.banks.items()}
        return 200, json.dumps({bank: near for bank, near in found.items() if near})


def _near(contents: Sequence[Pdq], signal: Pdq) -> list[dict[str, object]]:
    distances = [(number, pdq_distance(one, signal)) for number, one in enumerate(contents, 1001)]
    return [
        {"bank_content_id": number, "distance": str(distance)}
        for number, distance in distances
        if distance <= MAX_PDQ_DISTANCE
    ]


@contextmanager
def fake_hma() -> Iterator[FakeHma]:
    hma = FakeHma()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = hma.answer(self.path)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_arguments: object) -> None:
            """Suppresses the request log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    hma.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield hma
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
