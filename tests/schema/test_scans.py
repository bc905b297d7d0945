"""Scans in queries: equal ones are read once (`store.reading.scans`)."""

import pytest

from tests.schema.newsroom import Newsroom, item

pytestmark = pytest.mark.anyio


def many(field: str) -> str:
    return " ".join(f"a{n}: {field}" for n in range(30))


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
    assert list(data.values()) == [expected] * 30
    assert len(commands) == 1


async def test_different_scans_are_not_confused(newsroom: Newsroom) -> None:
    newsroom.put(item("x", type="a", topics=["One"]), item("y", type="b"), item("z", type="b"))
    data = await newsroom.ask(
        """{
            all: items { totalCount }
            a: items(filter: {types: ["a"]}) { totalCount facets { types { count } } }
            b: items(filter: {types: ["b"]}) { totalCount facets { types { count } } }
            topic(name: "One") { items { totalCount facets { topics { count } } } }
            first: items(first: 1, filter: {search: "story"}) { nodes { title } }
            last: items(last: 1, filter: {search: "story"}) { nodes { title } }
            corpus { itemCount providerCount topicCount }
        }"""
    )
    assert data["all"] == {"totalCount": 3}
    assert data["a"] == {"totalCount": 1, "facets": {"types": [{"count": 1}]}}
    assert data["b"] == {"totalCount": 2, "facets": {"types": [{"count": 2}]}}
    assert data["topic"] == {"items": {"totalCount": 1, "facets": {"topics": [{"count": 1}]}}}
    assert data["first"] != data["last"]
    assert data["corpus"] == {"itemCount": 3, "providerCount": 0, "topicCount": 1}
