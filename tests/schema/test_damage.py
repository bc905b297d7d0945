"""Documents that no load wrote: each costs its own place, and is named."""

import logging
from collections.abc import Sequence
from typing import Any

import orjson
import pytest
from bson import Int64
from bson.datetime_ms import DatetimeMS

from schema.schema import ExecutorName
from store.audience import Audience
from store.documents import Document
from store.ids import item_id
from store.reading.damage import MAX_DAMAGED
from tests.schema.newsroom import EXECUTORS, Newsroom, dated, item
from tests.store.reading.damages import DAMAGES, ENTRY_DAMAGES

pytestmark = pytest.mark.anyio

LIST = """{ items(first: 20) { edges { cursor node { id } } nodes {
  id title tags heat publishedDateTime extra images { url isCached }
  provider { name domain items(first: 1) { totalCount } }
  topics { name slug items(first: 1) { totalCount } }
  related { title item { title relatedBy(first: 1) { totalCount } } } } } }"""
DAMAGED = item_id("https://p.example/n003")


def stories(count: int = 5) -> Sequence[Document]:
    """Return items of which the fourth is to be damaged."""
    return dated(count, heat=1, provider="p.example", topics=["T", "U"], related=["n000"])


async def _errors_of(newsroom: Newsroom, query: str, **given: Any) -> tuple[Any, list[Document]]:
    result = await newsroom.answer(query, Audience.EDITOR, **given)
    return result.data, [error.formatted for error in result.errors or ()]


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("damage", DAMAGES)
async def test_a_damaged_item_costs_its_own_place_in_a_list(
    newsroom: Newsroom, damage: str, executor: ExecutorName, caplog: pytest.LogCaptureFixture
) -> None:
    newsroom.put(*stories())
    newsroom.database["items"].update_one({"_id": DAMAGED}, DAMAGES[damage])

    with caplog.at_level(logging.ERROR, "newsgraph.damage"):
        data, errors = await _errors_of(newsroom, LIST, executor=executor)

    assert len(data["items"]["nodes"]) == len(data["items"]["edges"]) == 4
    assert DAMAGED not in str(data)
    assert errors == [
        {
            "message": f"The document {DAMAGED} is damaged and was left out.",
            "extensions": {"code": "INTERNAL_SERVER_ERROR", "documentId": DAMAGED},
        }
    ]
    logged = [log.getMessage() for log in caplog.records if log.name == "newsgraph.damage"]
    assert len(logged) == 1
    assert DAMAGED in logged[0]
    orjson.dumps(data)


async def test_a_damaged_item_is_null_where_it_is_asked_for_or_linked(newsroom: Newsroom) -> None:
    newsroom.put(item("a", related=["b"]), item("b"))
    newsroom.database["items"].update_one(
        {"_id": item_id("https://one.example/b")}, {"$unset": {"title": 1}}
    )
    query = """query($a: URL!, $b: URL!) {
      a: item(url: $a) { title related { item { title } } } b: item(url: $b) { title } }"""

    data, errors = await _errors_of(
        newsroom, query, a="https://one.example/a", b="https://one.example/b"
    )

    assert data == {"a": {"title": "Story a", "related": [{"item": None}]}, "b": None}
    assert len(errors) == 1


async def test_lists_below_many_parents_have_their_sound_items(newsroom: Newsroom) -> None:
    newsroom.put(*stories())
    newsroom.database["items"].update_one(
        {"_id": DAMAGED}, {"$set": {"publishedDateTime": DatetimeMS(2**50)}}
    )

    data, errors = await _errors_of(
        newsroom, "{ topics { nodes { items { nodes { publishedDateTime } } } } }"
    )

    assert [len(topic["items"]["nodes"]) for topic in data["topics"]["nodes"]] == [4, 4]
    assert len(errors) == 1


async def test_a_damaged_field_that_is_not_asked_for_costs_nothing(newsroom: Newsroom) -> None:
    newsroom.put(*stories())
    newsroom.database["items"].update_one({"_id": DAMAGED}, {"$set": {"heat": Int64(2**40)}})
    with newsroom.noted() as commands:
        data = await newsroom.ask("{ items { nodes { title } } }")
    assert len(data["items"]["nodes"]) == 5
    assert len(commands) == 1


ENTRIES = """{ %s { totalCount nodes { id name itemCount } edges { cursor node { name } } } }"""
LINKS = """{ items { nodes {
  provider { name itemCount images { url } items(first: 1) { nodes { id } } }
  topics { name itemCount items(first: 1) { nodes { id } } }
  authors { name itemCount items(first: 1) { nodes { id } } } related { provider { name } } } }
  nodes(ids: ["provider:p.example", "topic:t", "author:ada"]) {
    id ... on Provider { name itemCount }
  ... on Topic { name itemCount } ... on Author { name itemCount } } }"""


def _linked(count: int = 2) -> Sequence[Document]:
    return dated(count, provider="p.example", topics=["T", "U"], authors=["Ada", "Li"])


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("id_", ["provider:p.example", "topic:t", "author:ada"])
@pytest.mark.parametrize("damage", ENTRY_DAMAGES)
async def test_a_damaged_provider_topic_or_author_costs_its_own_place(
    newsroom: Newsroom, damage: str, id_: str, executor: ExecutorName
) -> None:
    newsroom.put(*_linked())
    newsroom.put(item("other", provider="q.example"))
    plural = id_.partition(":")[0] + "s"
    newsroom.database[plural].update_one({"_id": id_}, ENTRY_DAMAGES[damage])

    listed, errors = await _errors_of(newsroom, ENTRIES % plural, executor=executor)
    linked, more_errors = await _errors_of(newsroom, LINKS, executor=executor)

    nodes = listed[plural]["nodes"]
    assert len(nodes) == len(listed[plural]["edges"]) == 1
    assert nodes[0]["id"] != id_
    assert len(linked["items"]["nodes"]) == 3
    found = {node["id"] for node in linked["nodes"] if node}
    assert found == {"provider:p.example", "topic:t", "author:ada"} - {id_}
    for error in [*errors, *more_errors]:
        assert error["extensions"]["documentId"] == id_
    assert (len(errors), len(more_errors)) == (1, 1)


async def test_a_damaged_topic_is_left_out_below_its_parent(newsroom: Newsroom) -> None:
    newsroom.define(
        *(
            {
                "_id": f"topic:{name.lower()}",
                "slug": name.lower(),
                "name": name,
                "published": True,
                "rank": "0",
                **(
                    {}
                    if name == "Science"
                    else {"parent": "topic:science", "parentName": "Science"}
                ),
            }
            for name in ("Science", "Maths", "Physics")
        )
    )
    newsroom.database["topics"].update_one(
        {"_id": "topic:maths"}, ENTRY_DAMAGES["with a list for a name"]
    )

    data, errors = await _errors_of(newsroom, '{ topic(name: "Science") { children { id name } } }')

    assert data == {"topic": {"children": [{"id": "topic:physics", "name": "Physics"}]}}
    assert [error["extensions"]["documentId"] for error in errors] == ["topic:maths"]


@pytest.mark.parametrize("damage", DAMAGES)
async def test_facets_count_the_other_items(newsroom: Newsroom, damage: str) -> None:
    newsroom.put(*stories())
    query = """{ items { facets { months { month count } categories { value count }
      types { value } topics { topic { name } count } providers { provider { name } count }
      authors { count } } } }"""
    sound, _ = await _errors_of(newsroom, query)
    newsroom.database["items"].update_one({"_id": DAMAGED}, DAMAGES[damage])

    data, errors = await _errors_of(newsroom, query)

    assert errors == []
    counts, before = data["items"]["facets"], sound["items"]["facets"]
    assert counts["months"][0]["count"] in (4, 5)
    assert [one["topic"] for one in counts["topics"]] == [one["topic"] for one in before["topics"]]


_PAGE = """query($c: String) { items(%s: $c) { nodes { id title }
  pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } }"""


@pytest.mark.parametrize("way", ["first: 1, after", "last: 1, before"])
async def test_a_client_can_page_on_over_a_damaged_document(newsroom: Newsroom, way: str) -> None:
    newsroom.put(*stories())
    newsroom.database["items"].update_one({"_id": DAMAGED}, {"$unset": {"title": 1}})
    cursor, seen = None, []
    for _ in range(5):
        data, _ = await _errors_of(
            newsroom,
            _PAGE % way,
            c=cursor,
        )
        seen += [node["id"] for node in data["items"]["nodes"]]
        info = data["items"]["pageInfo"]
        cursor = info["endCursor" if "first" in way else "startCursor"]
        assert cursor
    assert len(set(seen)) == len(seen) == 4
    assert not info["hasNextPage" if "first" in way else "hasPreviousPage"]


async def test_a_client_can_page_on_over_a_damaged_topic(newsroom: Newsroom) -> None:
    newsroom.put(*stories())
    newsroom.database["topics"].update_one({"_id": "topic:t"}, ENTRY_DAMAGES["without a name"])
    data, _ = await _errors_of(
        newsroom, "{ topics(first: 1) { nodes { name } pageInfo { endCursor hasNextPage } } }"
    )
    assert data["topics"]["nodes"] == []
    assert data["topics"]["pageInfo"]["hasNextPage"]
    assert data["topics"]["pageInfo"]["endCursor"]


async def test_only_so_many_damaged_items_are_named(newsroom: Newsroom) -> None:
    newsroom.put(*stories(MAX_DAMAGED + 10))
    newsroom.database["items"].update_many({}, {"$unset": {"title": 1}})
    with newsroom.noted() as commands:
        data, errors = await _errors_of(newsroom, "{ items(first: 50) { nodes { title } } }")
    assert data == {"items": {"nodes": []}}
    assert len(errors) == MAX_DAMAGED
    assert len(commands) == 2


async def test_other_faults_of_data_are_internal_errors_too(newsroom: Newsroom) -> None:
    newsroom.database["meta"].insert_one({"_id": "corpus", "version": 1.5})
    _, errors = await _errors_of(newsroom, "{ corpus { version } }")
    assert [error["extensions"]["code"] for error in errors] == ["INTERNAL_SERVER_ERROR"]


async def test_an_argument_that_cannot_be_used_stays_the_fault_of_the_client(
    newsroom: Newsroom,
) -> None:
    with newsroom.noted() as commands:
        code, _ = await newsroom.refusal("query($n: Int) { items(first: $n) { totalCount } }", n=-1)
    assert code == "BAD_USER_INPUT"
    assert commands == []
