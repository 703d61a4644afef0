"""One upload is one trace, across API, worker and inference service, at a real receiver of OTLP."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.e2e.api import sign_up, upload, wait_until_understood
from tests.e2e.program import Program
from tests.entrypoints.inference.service import serve_inference
from tests.models import tiny_model
from tests.sample_images import a_jpeg

pytestmark = [pytest.mark.e2e, pytest.mark.postgres]

FLUSH_MILLISECONDS = "200"


@dataclass
class Receiver:
    """The names of the received spans, by trace and service, and all that was received."""

    url: str = ""
    traces: dict[bytes, dict[str, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    received: bytes = b""

    def add(self, body: bytes) -> None:
        self.received += body
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            attributes = {item.key: item.value.string_value for item in resource.resource.attributes}
            for scope in resource.scope_spans:
                for span in scope.spans:
                    self.traces[span.trace_id][attributes["service.name"]].add(span.name)

    def trace_with(self, name: str) -> dict[str, set[str]]:
        """Return the one trace with a span of this name."""
        (found,) = (trace for trace in list(self.traces.values()) if any(name in names for names in trace.values()))
        return found


@contextmanager
def receive_traces() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/traces"
            receiver.add(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/x-protobuf")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()


def test_upload_is_one_trace_of_three_services(program: Program) -> None:
    installed = program.run("model", "install", str(tiny_model(program.home / "tiny.onnx")))
    assert installed.returncode == 0, installed.stderr
    with receive_traces() as receiver:
        settings = {
            "TINTYPE_TRACING": "otlp",
            "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url,
            "OTEL_EXPORTER_OTLP_COMPRESSION": "none",
            "OTEL_BSP_SCHEDULE_DELAY": FLUSH_MILLISECONDS,
        }
        with serve_inference(program.home, None, **settings) as inference:
            program.settings |= settings | {"TINTYPE_CLASSIFIER": "http", "TINTYPE_INFERENCE_URL": inference}
            with program.serve() as served:
                ada = sign_up(served, "ada")
                image = upload(ada, a_jpeg())
                understood = wait_until_understood(ada, image.id)
        # All processes have ended, and have sent what they had.
        trace = receiver.trace_with("POST /v1/images")

    assert understood.understanding.classification.state == "done"
    assert trace.keys() == {"tintype-api", "tintype-worker", "tintype-inference"}
    assert {"POST /v1/images", "PostgresImages.add", "PostgresJobs.enqueue"} <= trace["tintype-api"]
    assert {"job classification", "job caption"} <= trace["tintype-worker"]
    assert "POST /v2/models/mobilenet_v2/infer" in trace["tintype-worker"], "the call of the inference service"
    assert "POST /v2/models/{name}/infer" in trace["tintype-inference"]
    for secret in ("ada", image.id, str(ada.token), "select ", "insert "):
        assert secret.encode() not in receiver.received, f"spans contain {secret!r}"


def test_service_works_without_a_receiver(program: Program) -> None:
    program.settings |= {"TINTYPE_TRACING": "otlp", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}
    with program.serve() as served:
        sign_up(served, "ada")

    assert served.process.returncode == 0
