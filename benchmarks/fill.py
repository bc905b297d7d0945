"""Filling a database with a corpus directly, where loading files is not what is measured."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from benchmarks.documents import documents
from store.connection import connect_blocking
from store.indexes import ensure_indexes
from store.writing.taxonomies import TaxonomyWriter

_AT_ONCE = 2_000


def fill(uri: str, database: str, size: int) -> None:
    """Make `database` hold a corpus of `size` items, their providers and topics."""
    with connect_blocking(uri) as client:
        client.drop_database(database)
        target = client[database]
        named: set[str] = set()
        for chunk in _chunks(documents(size)):
            target["items"].insert_many(chunk, ordered=False)
            for item in chunk:
                named.add(item["provider"]["id"])
                named.update(topic["id"] for topic in item["topics"])
        ensure_indexes(target)  # at once for all: quicker than item by item
        TaxonomyWriter(target).recompute(named)


def _chunks(items: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while chunk := list(islice(items, _AT_ONCE)):
        yield chunk
