"""The ASGI application of the inference service. It opens no database."""

from typing import Any

from fastapi import FastAPI, Request, Response
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.types import Lifespan

from container import Container
from entrypoints.http import docs, errors
from entrypoints.http.body_deadline import BodyDeadline
from entrypoints.http.connection import HostCheck
from entrypoints.http.middleware import AccessLog, ErrorBoundary, HeadRequests, PathCheck
from entrypoints.http.openapi import complete_document, operation_id
from entrypoints.http.request_spans import NO_TELEMETRY, RequestSpans
from entrypoints.inference import classify, protocol
from entrypoints.inference.admission import AdmissionControl
from entrypoints.inference.fast_path import InferenceFastPath
from entrypoints.inference.metrics import InferenceMetrics

DESCRIPTION = """Classify and embed images with the installed model, on CUDA or the CPU.

`/v1` accepts encoded images, `/v2` tensors: the Open Inference Protocol (KServe version 2), with its binary-tensor
extension."""


def create_app(container: Container, lifespan: Lifespan[FastAPI] | None = None) -> FastAPI:
    app = FastAPI(
        title="Tintype inference",
        version="1",
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=operation_id,
        telemetry=NO_TELEMETRY,
    )
    app.state.container, app.state.metrics = container, InferenceMetrics()
    app.include_router(classify.router, prefix="/v1")
    app.include_router(protocol.router, prefix="/v2")
    app.add_api_route("/healthz", _alive, name="health", tags=["operations"], response_model=None)
    if container.config.metrics_port() is None:
        app.add_api_route("/metrics", _metrics, name="metrics", tags=["operations"], response_class=Response)
    docs.install(app)
    errors.install_handlers(app)
    protocol.install_errors(app)
    app.add_middleware(InferenceFastPath, router=classify.router, prefix="/v1")
    app.add_middleware(ErrorBoundary)
    app.add_middleware(AdmissionControl)
    app.add_middleware(PathCheck, answer=protocol.refusal_response)
    app.add_middleware(HostCheck, names=container.config.host_names(), answer=protocol.refusal_response)
    app.add_middleware(HeadRequests)
    app.add_middleware(BodyDeadline, seconds=container.config.body_seconds())
    app.add_middleware(AccessLog, metrics=app.state.metrics, quiet=True)
    if tracing := container.tracing():
        app.add_middleware(RequestSpans, tracing=tracing, continues=True)
    complete_document(app)
    return app


async def _alive() -> dict[str, str]:
    """Whether this process responds."""
    return {"status": "alive"}


async def _metrics(request: Request) -> Response:
    """Requests, batch sizes and queued images in Prometheus' text format."""
    metrics: Any = request.app.state.metrics
    return Response(
        await metrics.exposition(request.app.state.container.network().current_load()), media_type=CONTENT_TYPE_LATEST
    )
