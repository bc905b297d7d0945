"""Scans in queries: they have a price (`schema.scan_costs`), and equal ones are read once."""

import pytest

from schema.limits.guard import QueryGuard
from schema.limits.limits import Limits
from schema.scan_costs import COUNT, FACET, SEARCH
from tests.schema.newsroom import Newsroom, item, schema_of

pytestmark = pytest.mark.anyio


def many(field: str) -> str:
    return " ".join(f"a{n}: {field}" for n in range(8))


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("items { totalCount }", {"totalCount": 2}),
        (
            "items { facets { types { value count } } }",
            {"facets": {"types": [{"value": "a", "count": 2}]}},
        ),
        ('items(filter: {search: "story"}) { nodes { type } }', {"nodes": [{"type": "a"}] * 2}),
        ("providers { totalCount }", {"totalCount": 1}),
        ("topics { totalCount }", {"totalCount": 0}),
    ],
)
async def test_equal_scans_of_a_query_are_one_call(
    newsroom: Newsroom, field: str, expected: object
) -> None:
    newsroom.put(*(item(name, type="a", provider="one.example") for name in "xy"))
    with newsroom.noted() as commands:
        data = await newsroom.ask(f"{{ {many(field)} }}")
    assert list(data.values()) == [expected] * 8
    assert len(commands) == 1 + ("types" in field)  # what is counted is spelled


async def test_different_scans_are_not_confused(newsroom: Newsroom) -> None:
    newsroom.put(item("x", type="a", topics=["One"]), item("y", type="b"), item("z", type="b"))
    data = await newsroom.ask(
        """{
            all: items { totalCount }
            a: items(filter: {types: ["a"]}) { totalCount facets { years { count } } }
            b: items(filter: {types: ["b"]}) { totalCount facets { years { count } } }
            topic(name: "One") { items { totalCount facets { topics { count } } } }
            first: items(first: 1, filter: {search: "story"}) { nodes { title } }
            last: items(last: 1, filter: {search: "story"}) { nodes { title } }
            corpus { itemCount providerCount topicCount }
        }"""
    )
    assert data["all"] == {"totalCount": 3}
    assert data["a"] == {"totalCount": 1, "facets": {"years": [{"count": 1}]}}
    assert data["b"] == {"totalCount": 2, "facets": {"years": [{"count": 2}]}}
    assert data["topic"] == {"items": {"totalCount": 1, "facets": {"topics": [{"count": 1}]}}}
    assert data["first"] != data["last"]
    assert data["corpus"] == {"itemCount": 3, "providerCount": 0, "topicCount": 1}


@pytest.mark.parametrize(
    ("count", "field"),
    [
        (40, "items(first: 0) { facets { topics(first: 1) { count } } }"),
        (14, "items(first: 0) { facets { types { count } topics { count } months { count } } }"),
        (23, 'items(first: 0, filter: {search: "a"}) { totalCount }'),
        (1, 'providers(first: 25) { nodes { items(filter: {search: "a"}) { nodes { id } } } }'),
        (2, "topics(first: 100) { nodes { items { totalCount } } }"),
        (67, "corpus { itemCount providerCount topicCount }"),
    ],
)
async def test_many_scans_are_refused(newsroom: Newsroom, count: int, field: str) -> None:
    fields = " ".join(f"a{n}: {field}" for n in range(count))
    with newsroom.noted() as commands:
        code, message = await newsroom.refusal(f"{{ {fields} }}")
    assert code == "QUERY_TOO_EXPENSIVE"
    assert "with its counts, facets and searches; 10,000 are allowed." in message
    assert not commands


@pytest.mark.parametrize(
    ("field", "cost"),
    [
        ("items(first: 0) { totalCount }", COUNT),
        ("providers(first: 0) { totalCount }", COUNT),
        ("topics(first: 0) { totalCount }", COUNT),
        ("authors(first: 0) { totalCount }", COUNT),
        ("corpus { itemCount providerCount topicCount authorCount }", 4 * COUNT),
        ("items(first: 0) { facets { authors { count } } }", FACET),
        ("items(first: 0) { facets { types { count } months { count } } }", 2 * FACET),
        ('items(first: 0, filter: {search: "a"}) { nodes { id } }', SEARCH),
        ('items(first: 9, filter: {types: ["a"]}) { nodes { id } }', 0),
        ("providers(first: 7) { nodes { items { totalCount } } }", 7 * COUNT),
    ],
)
def test_each_scan_has_its_price(field: str, cost: int) -> None:
    checked = QueryGuard(schema_of()._schema, Limits()).check(f"{{ {field} }}", None, {})
    assert checked.cost
    assert checked.cost.scans == cost
