"""The creation of indexes; tests/schema/test_indexes.py has the queries that they serve."""

from typing import Any

import pytest
from pymongo.database import Database

from store.connection import connect_blocking
from store.errors import StoreError
from store.indexes import (
    INDEXES,
    TEXT_INDEX,
    build_item_indexes,
    drop_text_index,
    ensure_indexes,
)


def _names(database: Database[Any], collection: str) -> set[str]:
    return {name for name in database[collection].index_information() if name != "_id_"}


def _expected(collection: str) -> set[str]:
    return {str(index.document["name"]) for index in INDEXES[collection]}


def test_all_collections_get_their_indexes_however_often(database: Database[Any]) -> None:
    for _ in range(2):
        ensure_indexes(database)
    assert {name: _names(database, name) for name in INDEXES} == {
        name: _expected(name) for name in INDEXES
    }


def test_only_named_collections_get_their_indexes(database: Database[Any]) -> None:
    ensure_indexes(database, "topics")
    assert database.list_collection_names() == ["topics"]


def test_a_full_collection_gets_the_same_indexes(database: Database[Any]) -> None:
    database["items"].insert_many([{"title": "A"}, {"title": "B"}])
    build_item_indexes(database)
    assert _names(database, "items") == _expected("items")


def test_a_text_index_exists_only_where_it_is_wanted(database: Database[Any]) -> None:
    without = _expected("items") - {TEXT_INDEX}
    drop_text_index(database)
    assert database.list_collection_names() == []
    ensure_indexes(database, "items", text=False)
    drop_text_index(database)
    assert _names(database, "items") == without
    ensure_indexes(database, "items")
    assert _names(database, "items") == without | {TEXT_INDEX}
    drop_text_index(database)
    build_item_indexes(database, text=False)
    assert _names(database, "items") == without


def test_a_server_that_is_away_is_a_store_error(database: Database[Any]) -> None:
    nobody = "mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=20"
    with connect_blocking(nobody) as client, pytest.raises(StoreError):
        ensure_indexes(client[database.name])
