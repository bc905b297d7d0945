"""OpenTelemetry spans, with and without the `otel` extra."""

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from api.observability import tracing
from tests.api.conftest import ClientFactory

pytestmark = pytest.mark.anyio


async def test_an_operation_is_a_span_in_its_callers_trace(
    client: ClientFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    spans = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    monkeypatch.setattr(tracing, "_tracer", provider.get_tracer("newsgraph"))
    headers = {"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}
    http = client()
    await http.post("/graphql", json={"query": "query Traced { hello }"}, headers=headers)
    await http.post("/graphql", json={"query": "query Traced { refused }"})
    first, second = spans.get_finished_spans()
    assert first.name == "query Traced"
    assert first.context is not None
    assert f"{first.context.trace_id:032x}" == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert first.attributes is not None
    assert first.attributes["graphql.operation.name"] == "Traced"
    assert first.status.is_unset
    assert second.status.description == "BAD_USER_INPUT"


async def test_without_the_extra_there_are_no_spans(
    client: ClientFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracing, "_tracer", None)
    response = await client().post("/graphql", json={"query": "{ hello }"})
    assert response.status_code == 200
