"""Connections that record their statements as spans, named after the function that executes them."""

import sys
from contextlib import AbstractContextManager
from types import FrameType
from typing import Any

from adapters.postgres.connecting import CheckedConnection
from domain.tracing import Span, SpanKind, Tracing, child_span, current_trace

_PACKAGE = "adapters.postgres."
_CALLERS = ("domain.", "entrypoints.")


def traced_connection_class(tracing: Tracing) -> type[CheckedConnection]:
    """Return a class of connections. Statements outside of a trace, such as those of periodic tasks, are not recorded.
    Spans contain neither the text nor the parameters of a statement."""

    class TracedConnection(CheckedConnection):
        async def execute(self, *args: Any, **options: Any) -> Any:
            with _statement_span(tracing):
                return await super().execute(*args, **options)

        async def executemany(self, *args: Any, **options: Any) -> Any:
            with _statement_span(tracing):
                return await super().executemany(*args, **options)

        async def fetch(self, *args: Any, **options: Any) -> Any:
            with _statement_span(tracing):
                return await super().fetch(*args, **options)

        async def fetchrow(self, *args: Any, **options: Any) -> Any:
            with _statement_span(tracing):
                return await super().fetchrow(*args, **options)

        async def fetchval(self, *args: Any, **options: Any) -> Any:
            with _statement_span(tracing):
                return await super().fetchval(*args, **options)

    return TracedConnection


def _statement_span(tracing: Tracing) -> AbstractContextManager[Span | None]:
    return child_span(tracing, _find_name() if current_trace.get() else "", SpanKind.CLIENT)


def _find_name() -> str:
    """Return the port's method that executes the statement, such as `PostgresPostReader.home`. Where many requests
    share a statement, it is the function of the adapter."""
    names = []
    frame: FrameType | None = sys._getframe(2)  # noqa: SLF001 — the only way to the callers
    while frame is not None and not _module(frame).startswith(_CALLERS):
        if _module(frame).startswith(_PACKAGE) and _module(frame) != __name__:
            names.append(frame.f_code.co_qualname)
        frame = frame.f_back
    public = [name for name in names if not name.rpartition(".")[2].startswith("_")]
    return (public[-1:] or names[:1] or ["statement"])[0]


def _module(frame: FrameType) -> str:
    name: str = frame.f_globals.get("__name__", "")
    return name
