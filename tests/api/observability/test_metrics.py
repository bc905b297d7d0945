"""Metrics: bounded labels, and counts of operations and cache lookups."""

import pytest
from prometheus_client import REGISTRY

from api.observability.metrics import OTHER, OperationNames, count_call
from tests.api.conftest import ClientFactory

pytestmark = pytest.mark.anyio


def test_operation_names_have_a_bounded_number_of_series() -> None:
    names = OperationNames(max_names=3)
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


async def test_operations_are_counted_by_name_and_outcome_and_cache_lookups_by_result(
    client: ClientFactory,
) -> None:
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


def test_reads_are_measured_by_command_and_outcome() -> None:
    def count(outcome: str) -> float:
        name = "newsgraph_database_command_seconds_count"
        return value(name, command="find", outcome=outcome)

    before = count("ok"), count("failed")
    count_call("find", 0.001, succeeded=True)
    count_call("find", 5, succeeded=False)
    assert (count("ok"), count("failed")) == (before[0] + 1, before[1] + 1)
