"""Items that no load wrote: each costs its own place, and is named."""

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
from store.reading.checked_items import MAX_DAMAGED
from tests.schema.newsroom import EXECUTORS, Newsroom, dated, item
from tests.store.reading.damages import DAMAGES

pytestmark = pytest.mark.anyio

LIST = """{ items(first: 20) { edges { cursor node { id } } nodes {
  id title tags heat publishedDateTime extra images { url isCached } provider { name domain }
  topics { name slug } related { title item { title } } } } }"""
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
