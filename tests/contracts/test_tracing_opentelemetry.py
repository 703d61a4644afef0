import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from adapters.opentelemetry.tracing import OpenTelemetryTracing
from domain.tracing import SpanKind
from tests.contracts.tracing import Harness, Recorded, TracingContract


@pytest.fixture
def harness() -> Harness:
    exporter = InMemorySpanExporter()
    tracing = OpenTelemetryTracing("tintype-test", SimpleSpanProcessor(exporter))
    return Harness(tracing, lambda: [recorded(span) for span in exporter.get_finished_spans()])


def recorded(span: ReadableSpan) -> Recorded:
    assert span.resource.attributes["service.name"] == "tintype-test"
    assert not span.events, "exceptions with texts are events"
    attributes = dict(span.attributes or {})
    error = attributes.pop("error.type", None)
    assert span.status.is_ok is (error is None)
    return Recorded(
        span.name,
        SpanKind(span.kind.name.lower()),
        f"{span.context.trace_id:032x}",
        f"{span.context.span_id:016x}",
        f"{span.parent.span_id:016x}" if span.parent else None,
        attributes,  # type: ignore[arg-type]  # only texts and numbers are set
        None if error is None else str(error),
    )


class TestOpenTelemetryTracing(TracingContract): ...
