"""Requests as spans: by route and status, without anything that users send."""

import pytest
from httpx import AsyncClient
from structlog.testing import capture_logs

from adapters.memory.tracing import MemorySpan, MemoryTracing
from container import Container
from domain.tracing import SpanKind
from entrypoints.asgi import create_app
from entrypoints.inference.app import create_app as create_inference_app
from tests.containers import memory_container
from tests.entrypoints.rest.conftest import client_of, client_of_app
from tests.entrypoints.rest.visitors import new_visitor

STRANGER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def container() -> Container:
    return memory_container(config={"tracing": "memory"})


@pytest.fixture
def tracing(container: Container) -> MemoryTracing:
    tracing = container.tracing()
    assert isinstance(tracing, MemoryTracing)
    return tracing


def spans_of(container: Container) -> list[MemorySpan]:
    tracing = container.tracing()
    assert isinstance(tracing, MemoryTracing)
    return tracing.spans


async def test_request_is_recorded_by_route_and_status(client: AsyncClient, tracing: MemoryTracing) -> None:
    await client.get("/v1/users/ada-of-the-hidden-name", params={"q": "secret"})

    (span,) = tracing.spans
    assert (span.name, span.kind, span.error) == ("GET /v1/users/{username}", SpanKind.SERVER, None)
    assert span.attributes == {
        "http.request.method": "GET",
        "http.route": "/v1/users/{username}",
        "http.response.status_code": 404,
    }
    assert "hidden" not in str(span)
    assert "secret" not in str(span)


async def test_unknown_paths_and_methods_are_not_repeated(client: AsyncClient, tracing: MemoryTracing) -> None:
    await client.request("SECRET", "/secret/path")

    assert [span.name for span in tracing.spans] == ["other"]
    assert "ecret" not in str(tracing.spans)


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
async def test_probes_are_not_recorded(client: AsyncClient, tracing: MemoryTracing, path: str) -> None:
    assert (await client.get(path)).status_code == 200

    assert tracing.spans == []


async def test_stranger_cannot_continue_a_trace(client: AsyncClient, tracing: MemoryTracing) -> None:
    await client.get("/v1/posts", headers={"traceparent": STRANGER})

    assert [span.trace == STRANGER.split("-")[1] for span in tracing.spans] == [False]


async def test_inference_service_continues_the_trace_of_its_caller() -> None:
    container = memory_container(config={"tracing": "memory"})
    async with client_of_app(create_inference_app(container)) as client:
        await client.get("/v2/models/mobilenet_v2", headers={"traceparent": STRANGER})

    (span,) = spans_of(container)
    assert (span.name, span.trace, span.parent) == ("GET /v2/models/{name}", *STRANGER.split("-")[1:3])


async def test_jobs_belong_to_the_upload(client: AsyncClient, container: Container, tracing: MemoryTracing) -> None:
    ada = await new_visitor(client, "ada")
    await ada.upload()
    (upload,) = (span for span in tracing.spans if span.name == "POST /v1/images")
    await container.storage().queue.drain(container.job_handler().handle)

    jobs = {span.name: span for span in tracing.spans if span.kind is SpanKind.CONSUMER}
    assert jobs.keys() >= {"job classification", "job caption"}
    assert {(job.trace, job.parent) for job in jobs.values() if "e-mail" not in job.name} == {(upload.trace, upload.id)}


async def test_log_lines_name_the_trace(client: AsyncClient, tracing: MemoryTracing) -> None:
    with capture_logs() as lines:
        await client.get("/v1/posts")

    assert [line["trace_id"] for line in lines if line["event"] == "request"] == [tracing.spans[0].trace]


async def test_nothing_is_recorded_without_the_setting() -> None:
    container = memory_container()
    async with client_of(container) as client:
        assert (await client.get("/v1/posts")).status_code == 200

    assert container.tracing() is None


def test_framework_records_no_requests_of_its_own() -> None:
    """Its spans contain paths and queries."""
    for app in (create_app(memory_container()), create_inference_app(memory_container())):
        assert not app._native_telemetry.enabled()
