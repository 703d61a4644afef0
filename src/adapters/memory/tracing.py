from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

from domain.tracing import Span, SpanKind, TraceContext, Tracing, current_trace


@dataclass
class MemorySpan(Span):
    name: str
    kind: SpanKind
    trace: str
    id: str
    parent: str | None
    attributes: dict[str, str | int] = field(default_factory=dict)
    error: str | None = None

    def rename(self, name: str) -> None:
        self.name = name

    def set(self, name: str, value: str | int) -> None:
        self.attributes[name] = value

    def fail(self, kind: str) -> None:
        self.error = kind


class MemoryTracing(Tracing):
    """Keeps ended spans in `spans`."""

    def __init__(self) -> None:
        self.spans: list[MemorySpan] = []
        self._ids = count(1)
        self._closed = False

    @contextmanager
    def span(
        self, name: str, kind: SpanKind = SpanKind.INTERNAL, *, parent: TraceContext | None = None
    ) -> Iterator[Span]:
        trace, parent_id = _parse(current_trace.get() if parent is None else parent)
        span_id = f"{next(self._ids):016x}"
        span = MemorySpan(name, kind, trace or f"{next(self._ids):032x}", span_id, parent_id)
        token = current_trace.set({"traceparent": f"00-{span.trace}-{span.id}-01"})
        try:
            yield span
        except Exception as error:
            span.fail(type(error).__qualname__)
            raise
        finally:
            current_trace.reset(token)
            if not self._closed:
                self.spans.append(span)

    def close(self) -> None:
        self._closed = True


def _parse(context: TraceContext) -> tuple[str | None, str | None]:
    """Return the ids of the trace and of the span."""
    match context.get("traceparent", "").split("-"):
        case [_, trace, span, _] if len(trace) == 32 and len(span) == 16:  # noqa: PLR2004 — of W3C Trace Context
            return trace, span
        case _:
            return None, None
