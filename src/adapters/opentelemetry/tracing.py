"""Spans of OpenTelemetry's SDK. The variables `OTEL_…` of the specification configure exporter, sampler and resource.

The provider is not the global one: FastAPI would add spans with paths and queries to it, which contain user data.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.environment_variables import OTEL_SERVICE_NAME
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.semconv.attributes.error_attributes import ERROR_TYPE
from opentelemetry.trace import Span as OtelSpan
from opentelemetry.trace import SpanKind as OtelKind
from opentelemetry.trace import StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from domain.tracing import Span, SpanKind, TraceContext, Tracing, current_trace

_KINDS = {
    SpanKind.SERVER: OtelKind.SERVER,
    SpanKind.CLIENT: OtelKind.CLIENT,
    SpanKind.CONSUMER: OtelKind.CONSUMER,
    SpanKind.INTERNAL: OtelKind.INTERNAL,
}
_PROPAGATOR = TraceContextTextMapPropagator()


class OpenTelemetryTracing(Tracing):
    """The exporter and its thread start with the first span, because processes are forked before."""

    def __init__(self, service: str, processor: SpanProcessor | None = None) -> None:
        self._service = service
        self._processor = processor

    @contextmanager
    def span(
        self, name: str, kind: SpanKind = SpanKind.INTERNAL, *, parent: TraceContext | None = None
    ) -> Iterator[Span]:
        context = _PROPAGATOR.extract(current_trace.get() if parent is None else parent)
        with self._tracer.start_as_current_span(
            name, context, _KINDS[kind], record_exception=False, set_status_on_exception=False
        ) as span:
            carrier: dict[str, str] = {}
            _PROPAGATOR.inject(carrier)
            token = current_trace.set(carrier)
            ours = OpenTelemetrySpan(span)
            try:
                yield ours
            except Exception as error:
                ours.fail(type(error).__qualname__)
                raise
            finally:
                current_trace.reset(token)

    def close(self) -> None:
        if "_provider" in vars(self):
            self._provider.shutdown()

    @cached_property
    def _provider(self) -> TracerProvider:
        name = os.environ.get(OTEL_SERVICE_NAME) or self._service
        provider = TracerProvider(resource=Resource.create({SERVICE_NAME: name}), shutdown_on_exit=False)
        provider.add_span_processor(self._processor or BatchSpanProcessor(OTLPSpanExporter()))
        return provider

    @cached_property
    def _tracer(self) -> Tracer:
        return self._provider.get_tracer("tintype")


class OpenTelemetrySpan(Span):
    def __init__(self, span: OtelSpan) -> None:
        self._span = span

    def rename(self, name: str) -> None:
        self._span.update_name(name)

    def set(self, name: str, value: str | int) -> None:
        self._span.set_attribute(name, value)

    def fail(self, kind: str) -> None:
        self._span.set_attribute(ERROR_TYPE, kind)
        self._span.set_status(StatusCode.ERROR)
