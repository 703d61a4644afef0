"""Records requests as spans."""

from http import HTTPStatus

from fastapi.telemetry import TelemetryConfig
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.tracing import SpanKind, Tracing
from entrypoints.http.connection import PROBES
from entrypoints.http.request_names import method_name, route_template

NO_TELEMETRY: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
"""Switches off FastAPI's own spans. They contain paths and queries, and thus user data and tokens of links."""

_CONTEXT_HEADERS = ("traceparent", "tracestate")
_UNTRACED = PROBES | {"/metrics"}


class RequestSpans:
    """Records each request by its route's template and its status. With `continues`, the caller's trace is continued;
    otherwise each request starts a trace, because strangers could choose its id and its sampling."""

    def __init__(self, app: ASGIApp, tracing: Tracing, continues: bool = False) -> None:
        self._app = app
        self._tracing = tracing
        self._continues = continues

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in _UNTRACED:
            await self._app(scope, receive, send)
            return
        status = 0

        async def observed_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        method, parent = method_name(scope), _sent_context(scope) if self._continues else {}
        with self._tracing.span(method, SpanKind.SERVER, parent=parent) as span:
            try:
                await self._app(scope, receive, observed_send)
            finally:
                route = route_template(scope)
                span.rename(f"{method} {route}".strip())
                span.set("http.request.method", method)
                span.set("http.route", route)
                span.set("http.response.status_code", status)
                if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                    span.fail(str(status))


def _sent_context(scope: Scope) -> dict[str, str]:
    headers = Headers(scope=scope)
    return {name: headers[name] for name in _CONTEXT_HEADERS if name in headers}
