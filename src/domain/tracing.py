"""Tracing: the spans of work that belong to one request, also in other processes."""

from abc import abstractmethod
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from enum import StrEnum
from typing import Protocol

TraceContext = Mapping[str, str]
"""What another process needs to continue a trace: the fields `traceparent` and `tracestate` of W3C Trace Context.
Empty outside of a trace."""

current_trace: ContextVar[TraceContext] = ContextVar("current_trace", default={})  # noqa: B039 — never changed
"""The context of the innermost span. A `Tracing` sets it."""


class SpanKind(StrEnum):
    SERVER = "server"
    CLIENT = "client"
    CONSUMER = "consumer"
    INTERNAL = "internal"


class Span(Protocol):
    """A piece of work in progress. Names and attributes contain no user data: no ids, texts, tokens or addresses."""

    @abstractmethod
    def rename(self, name: str) -> None:
        """Replace the name, when a better one is known."""

    @abstractmethod
    def set(self, name: str, value: str | int) -> None:
        """Add an attribute."""

    @abstractmethod
    def fail(self, kind: str) -> None:
        """Mark the work as failed, for the reason `kind`, such as `500`."""


class Tracing(Protocol):
    @abstractmethod
    def span(
        self, name: str, kind: SpanKind = SpanKind.INTERNAL, *, parent: TraceContext | None = None
    ) -> AbstractContextManager[Span]:
        """Record the block as a span below the innermost span. With `parent`, below that span of another process; if it
        is empty or invalid, as the first span of a new trace. An exception marks the span as failed, with the
        exception's type and without its text, which could contain user data."""

    @abstractmethod
    def close(self) -> None:
        """Send the spans that are not sent yet. Later spans are dropped."""


def child_span(tracing: Tracing | None, name: str, kind: SpanKind) -> AbstractContextManager[Span | None]:
    """Record the block as a span if it is part of a trace."""
    return tracing.span(name, kind) if tracing and current_trace.get() else nullcontext()


def trace_id() -> str | None:
    """Return the id of the current trace."""
    return next(iter(current_trace.get().get("traceparent", "").split("-")[1:2]), None)
