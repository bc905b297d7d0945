"""Request ids, log lines, metrics, traces."""

import json
import logging
import sys

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import REGISTRY

from api.observability import tracing
from api.observability.logs import JsonFormatter, TextFormatter, new_request_id, request_id
from api.observability.metrics import OTHER, OperationNames

pytestmark = pytest.mark.anyio


async def test_a_caller_may_choose_the_request_id_within_reason(client):
    http = client()
    for given in ("abc-1", "A" * 64, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"):
        response = await http.get("/healthz", headers={"x-request-id": given})
        assert response.headers["x-request-id"] == given
    for forged in ("", "A" * 65, "a b", 'x","level":"error'):
        response = await http.get("/healthz", headers={"x-request-id": forged})
        assert response.headers["x-request-id"] not in ("", forged)
    assert new_request_id("a\nb") != "a\nb"
    assert new_request_id(None) != new_request_id(None)


async def test_each_request_is_one_record_that_says_how_it_ended(client, caplog):
    caplog.set_level(logging.INFO, logger="newsgraph.access")
    http = client()
    body = {"query": "query Greet { hello }"}
    await http.post("/graphql", json=body)
    await http.post("/graphql", json=body)
    await http.post("/graphql", content=b"")
    records = [r for r in caplog.records if r.name == "newsgraph.access"]
    assert [r.getMessage() for r in records] == ["POST /graphql"] * 3
    first, second, third = (vars(record) for record in records)
    assert first["status"] == 200
    assert (first["operation"], first["outcome"], first["cached"]) == ("Greet", "ok", False)
    assert second["cached"] is True
    assert (third["status"], third["outcome"]) == (415, "BAD_USER_INPUT")
    assert first["ms"] >= 0


def a_record(message: str, **extra: object) -> logging.LogRecord:
    try:
        raise ValueError("boom")
    except ValueError:
        error = sys.exc_info()
    logger = logging.getLogger("newsgraph.test")
    return logger.makeRecord("newsgraph.test", 20, "f", 1, message, (), error, extra=extra)


def test_json_lines_are_one_line_each_and_hold_everything():
    token = request_id.set("request-7")
    try:
        line = JsonFormatter().format(a_record("two\nlines", operation='a"b'))
    finally:
        request_id.reset(token)
    assert "\n" not in line
    parsed = json.loads(line)
    assert parsed["message"] == "two\nlines"
    assert parsed["operation"] == 'a"b'
    assert parsed["request"] == "request-7"
    assert parsed["level"] == "info"
    assert "ValueError: boom" in parsed["error"]


def test_text_lines_cannot_be_forged():
    line = TextFormatter().format(a_record("GET /a\n12:00:00 INFO forged", operation="x\ny"))
    assert "GET /a\\n12:00:00" in line
    assert "operation='x\\ny'" in line


def test_operation_names_have_a_bounded_number_of_series():
    names = OperationNames(most=3)
    assert names.label("A", executed=True) == "A"
    assert names.label("B", executed=True) == "B"
    assert names.label(None, executed=True) == "unnamed"
    assert names.label("not a name", executed=True) == OTHER
    assert names.label("Junk", executed=False) == OTHER
    assert names.label("C", executed=True) == "C"
    assert names.label("D", executed=True) == OTHER
    assert names.label("A", executed=False) == "A"


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0


async def test_metrics_count_operations_by_name_and_outcome_and_cache_look_ups(client):
    http = client()
    ok = {"operation": "Metered", "outcome": "ok"}
    bad = {"operation": "Metered", "outcome": "BAD_USER_INPUT"}
    before = value("newsgraph_operations_total", **ok), value("newsgraph_operations_total", **bad)
    hits = value("newsgraph_cache_lookups_total", result="hit")
    for _ in range(3):
        await http.post("/graphql", json={"query": "query Metered { hello }"})
    await http.post("/graphql", json={"query": "query Metered { refused }"})
    assert value("newsgraph_operations_total", **ok) == before[0] + 3
    assert value("newsgraph_operations_total", **bad) == before[1] + 1
    assert value("newsgraph_cache_lookups_total", result="hit") == hits + 2
    page = (await http.get("/metrics")).text
    assert 'newsgraph_operation_seconds_bucket{le="0.01",operation="Metered"}' in page
    assert 'newsgraph_http_responses_total{status="200"}' in page


async def test_an_operation_is_a_span_of_its_callers_trace(client, monkeypatch):
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
    assert f"{first.context.trace_id:032x}" == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert first.attributes["graphql.operation.name"] == "Traced"
    assert first.status.is_unset
    assert second.status.description == "BAD_USER_INPUT"


async def test_without_the_extra_there_are_no_spans(client, monkeypatch):
    monkeypatch.setattr(tracing, "_tracer", None)
    response = await client().post("/graphql", json={"query": "{ hello }"})
    assert response.status_code == 200
