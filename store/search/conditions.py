"""The conditions of a list as queries of the index: the same that `Listing.match` has for MongoDB.

They are translated from there, so that a list means one thing.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tantivy import Index, Occur, Query, Schema

from store.audience import Audience
from store.labels import EVERY_ITEM
from store.reading.listing import Listing
from store.search.matching import any_of

_SORT = "sort."
# Sort keys, and bounds of them. Anything else in a cursor is no key of a list.
_KEY = re.compile(r"[0-9a-z:~]{1,200}\Z")
_BOUNDS = {"$gt": "{", "$gte": "[", "$lt": "}", "$lte": "]"}


class Unanswerable(ValueError):
    """A list has a condition that the index does not know."""


def conditions(index: Index, listing: Listing, parent: str) -> list[tuple[Occur, Query]]:
    """Return the conditions of a list but its search. Raises Unanswerable.

    Those that all items of the audience's index meet are left out: to test one takes as long as to
    find a word.
    """
    match: Any = listing.match(parent)
    return [
        clause
        for condition in match["$and"]
        for field, value in condition.items()
        if not _is_met_by_all(listing.audience, field, value)
        for clause in _clauses(index, field, value)
    ]


def with_some(schema: Schema, clauses: list[tuple[Occur, Query]]) -> list[tuple[Occur, Query]]:
    """Return clauses of which one says what to find: to exclude from nothing finds nothing."""
    if any(occur == Occur.Must for occur, _ in clauses):
        return clauses
    return [(Occur.Must, labelled(schema, EVERY_ITEM)), *clauses]


def labelled(schema: Schema, *labels: str) -> Query:
    """Return the query for the items that have one of these labels."""
    if len(labels) == 1:
        return Query.term_query(schema, "labels", labels[0], "basic")
    return Query.term_set_query(schema, "labels", labels)


def keys_between(index: Index, order: str, bounds: Mapping[str, str]) -> Query:
    """Return the query for sort keys of an order between bounds, which are as in MongoDB."""
    if not all(_KEY.match(key) for key in bounds.values()):
        return Query.empty_query()
    low = next((_BOUNDS[sign] + key for sign, key in bounds.items() if sign.startswith("$g")), "[*")
    high = next((key + _BOUNDS[sign] for sign, key in bounds.items() if sign[1] == "l"), "*]")
    # Only tantivy's parser makes ranges of texts.
    return index.parse_query(f"{order}:{low} TO {high}")


def _is_met_by_all(audience: Audience, field: str, value: Any) -> bool:
    if field == "published":
        return audience.sees == (value,)
    return field == "labels" and value == EVERY_ITEM


def _clauses(index: Index, field: str, value: Any) -> Iterator[tuple[Occur, Query]]:
    schema = index.schema
    if field == "labels":
        yield Occur.Must, labelled(schema, *(value["$in"] if isinstance(value, dict) else [value]))
    elif field == "published":
        if not isinstance(value, dict):
            yield Occur.Must, labelled(schema, "published" if value else "unpublished")
    elif field.startswith(_SORT):
        yield Occur.Must, keys_between(index, field.removeprefix(_SORT), value)
    elif field == "$or":
        alternatives = [
            Query.boolean_query([c for name, of in one.items() for c in _clauses(index, name, of)])
            for one in value
        ]
        yield Occur.Must, any_of(alternatives)
    elif field == "_id" and [*value] == ["$nin"]:
        yield Occur.MustNot, Query.term_set_query(schema, "id", value["$nin"])
    elif field != "$text":
        raise Unanswerable(f"the index has no condition for {field}: {value!r}")
