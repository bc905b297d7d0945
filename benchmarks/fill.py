"""Fill a database with a corpus directly, without files."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from benchmarks.documents import documents
from store.connection import connect_blocking
from store.indexes import ensure_indexes
from store.writing.taxonomies import TaxonomyWriter

_BATCH = 2_000


def fill(uri: str, database: str, size: int) -> None:
    """Replace the content of `database` by a corpus of `size` items, with providers and topics."""
    with connect_blocking(uri) as client:
        client.drop_database(database)
        target = client[database]
        taxonomy_ids: set[str] = set()
        for batch in _batches(documents(size)):
            target["items"].insert_many(batch, ordered=False)
            for item in batch:
                taxonomy_ids.add(item["provider"]["id"])
                taxonomy_ids.update(topic["id"] for topic in item["topics"])
        ensure_indexes(target)  # faster after the inserts than before
        TaxonomyWriter(target).recompute(taxonomy_ids)


def _batches(items: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while batch := list(islice(items, _BATCH)):
        yield batch
