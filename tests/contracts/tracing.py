"""The contract of tracing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from domain.tracing import SpanKind, Tracing, child_span, current_trace, trace_id


@dataclass(frozen=True)
class Recorded:
    """An ended span."""

    name: str
    kind: SpanKind
    trace: str
    id: str
    parent: str | None
    attributes: dict[str, str | int]
    error: str | None


@dataclass(frozen=True)
class Harness:
    tracing: Tracing
    recorded: Callable[[], Sequence[Recorded]]
    """The ended spans, in the order of their ends."""


class TracingContract:
    def test_span_has_name_kind_and_attributes(self, harness: Harness) -> None:
        with harness.tracing.span("GET", SpanKind.SERVER) as span:
            span.rename("GET /v1/feed")
            span.set("http.route", "/v1/feed")
            span.set("http.response.status_code", 200)

        (recorded,) = harness.recorded()
        assert (recorded.name, recorded.kind, recorded.error) == ("GET /v1/feed", SpanKind.SERVER, None)
        assert recorded.attributes == {"http.route": "/v1/feed", "http.response.status_code": 200}
        assert recorded.parent is None

    def test_inner_span_belongs_to_outer_one(self, harness: Harness) -> None:
        with harness.tracing.span("outer"), harness.tracing.span("inner"):
            pass

        inner, outer = harness.recorded()
        assert (inner.name, inner.parent, inner.trace) == ("inner", outer.id, outer.trace)

    def test_spans_one_after_another_have_own_traces(self, harness: Harness) -> None:
        for _ in range(2):
            with harness.tracing.span("request"):
                pass

        first, second = harness.recorded()
        assert first.trace != second.trace

    def test_another_process_continues_the_trace(self, harness: Harness) -> None:
        with harness.tracing.span("request"):
            context = dict(current_trace.get())
        with harness.tracing.span("job", SpanKind.CONSUMER, parent=context):
            assert trace_id() == context["traceparent"].split("-")[1]

        request, job = harness.recorded()
        assert (job.trace, job.parent) == (request.trace, request.id)
        assert len(job.trace) == 32

    @pytest.mark.parametrize("parent", [{}, {"traceparent": "nonsense"}, {"traceparent": "00-1-2-01"}])
    def test_span_without_valid_parent_starts_a_trace(self, harness: Harness, parent: dict[str, str]) -> None:
        with harness.tracing.span("request"), harness.tracing.span("job", parent=parent):
            pass

        job, request = harness.recorded()
        assert job.parent is None
        assert job.trace != request.trace

    def test_exception_is_recorded_by_its_type_only(self, harness: Harness) -> None:
        with pytest.raises(LookupError), harness.tracing.span("request"):
            raise LookupError("ada@example.org")

        (recorded,) = harness.recorded()
        assert recorded.error == "LookupError"
        assert "ada" not in str(recorded)

    def test_failure_has_a_kind(self, harness: Harness) -> None:
        with harness.tracing.span("request") as span:
            span.fail("503")

        assert [one.error for one in harness.recorded()] == ["503"]

    def test_child_span_needs_a_trace(self, harness: Harness) -> None:
        with child_span(harness.tracing, "statement", SpanKind.CLIENT):
            assert trace_id() is None
        with harness.tracing.span("request"), child_span(harness.tracing, "statement", SpanKind.CLIENT):
            pass

        assert [one.name for one in harness.recorded()] == ["statement", "request"]

    def test_no_span_is_recorded_after_the_end(self, harness: Harness) -> None:
        with harness.tracing.span("before"):
            pass
        harness.tracing.close()
        with harness.tracing.span("after"):
            pass

        assert [one.name for one in harness.recorded()] == ["before"]
