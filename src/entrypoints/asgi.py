"""The ASGI application: the REST API and the web UI on one container."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache, partial

from fastapi import APIRouter, FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.routing import BaseRoute
from starlette.types import Lifespan

from container import Container
from entrypoints.http import docs, errors
from entrypoints.http.body_deadline import BodyDeadline
from entrypoints.http.connection import HostCheck
from entrypoints.http.desired_model import follow_desired_model
from entrypoints.http.metrics_server import metrics_server
from entrypoints.http.middleware import AccessLog, ErrorBoundary, HeadRequests, PathCheck
from entrypoints.http.openapi import complete_document, operation_id
from entrypoints.http.request_spans import NO_TELEMETRY, RequestSpans
from entrypoints.http.response_headers import ResponseHeaders
from entrypoints.http.token_uses import write_token_uses
from entrypoints.lifecycle import open_container
from entrypoints.rest import operations
from entrypoints.rest.metrics import ApiMetrics
from entrypoints.rest.reads import Reads
from entrypoints.rest.routes import ROUTERS
from entrypoints.rest.streams import Streams
from entrypoints.settings import Settings
from entrypoints.web import app as web
from entrypoints.web.routes import ROUTERS as PAGE_ROUTERS

VERSION = "1"
API_PREFIX = "/v1"
DESCRIPTION = """An image-sharing service that understands its images.

Errors are problems (RFC 9457) with a stable `code`. Lists take `limit` and `cursor`. A POST that needs
a token is done once for an `Idempotency-Key`."""


def create() -> FastAPI:
    """Create the application for a server: read the settings, open the technologies in the lifespan."""
    settings = Settings()
    container = Container(config=settings.config())
    container.config.service.from_value("tintype-api")

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        metrics = partial(app.state.metrics.exposition, container)
        async with (
            open_container(container),
            write_token_uses(container.token_uses()),
            follow_desired_model(container),
            metrics_server(settings.host, settings.metrics_port, metrics),
        ):
            container.decoding().start()
            yield

    return create_app(container, lifespan)


def load_routes() -> None:
    """Examine all routes now: otherwise the first request of each process waits for it."""
    for route in _routes():
        route.matches({"type": "http", "method": "GET", "path": "", "headers": []})


def create_app(container: Container, lifespan: Lifespan[FastAPI] | None = None) -> FastAPI:
    app = FastAPI(
        title="Tintype",
        version=VERSION,
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=operation_id,
        routes=list(_routes()),
        telemetry=NO_TELEMETRY,
    )
    app.state.container, app.state.metrics = container, ApiMetrics()
    app.state.is_stopping = lambda: False
    app.state.streams = Streams(container, lambda: bool(app.state.is_stopping()))
    if container.config.metrics_port() is None:
        app.include_router(operations.metrics_router)
    docs.install(app)
    errors.install_handlers(app)
    web.install_pages(app)
    app.add_middleware(Reads, routers=ROUTERS, prefix=API_PREFIX)
    app.add_middleware(ErrorBoundary)
    app.add_middleware(PathCheck)
    app.add_middleware(HostCheck, names=container.config.host_names())
    app.add_middleware(HeadRequests)
    _add_cors(app, container.config.origins())
    app.add_middleware(BodyDeadline, seconds=container.config.body_seconds())
    app.add_middleware(AccessLog, metrics=app.state.metrics)
    if tracing := container.tracing():
        app.add_middleware(RequestSpans, tracing=tracing)
    app.add_middleware(ResponseHeaders, shared=bool(container.config.origins()))
    complete_document(app)
    return app


@cache
def _routes() -> tuple[BaseRoute, ...]:
    """Return the routes of API and web UI. Applications in one process share them, because FastAPI examines the
    signatures of all routes at the first request, which takes 0.25 s."""
    router = APIRouter(generate_unique_id_function=operation_id)
    for routes in ROUTERS:
        router.include_router(routes, prefix=API_PREFIX)
    router.include_router(operations.router)
    for routes in PAGE_ROUTERS:
        router.include_router(routes, include_in_schema=False)
    return tuple(router.routes)


def _add_cors(app: FastAPI, origins: list[str]) -> None:
    if origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=["*"],
            allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "X-Request-ID"],
            expose_headers=[
                "Location",
                "Link",
                "Retry-After",
                "RateLimit-Limit",
                "RateLimit-Remaining",
                "RateLimit-Reset",
                "X-Request-ID",
                "Idempotent-Replayed",
            ],
        )
