"""Facets of lists: how many items have each value, exactly."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from store.reading.facets import (
    MAX_FACET_VALUES,
    MAX_PERIODS,
    PERIODS,
    Count,
    FacetField,
    SiteFacet,
)
from store.reading.listing import Listing
from store.search.fields import site_value, value_in
from store.search.lists import Found, answer
from store.search.snapshots import OpenSnapshot

Facet = FacetField | SiteFacet

# Values of a facet that are compared: of more with the same count, others are asked for by name.
_MANY: Final = 1_000
# Of each segment, all values count: by default it has those that are frequent in itself.
_ALL: Final = 2**31 - 1


def facets(
    snapshot: OpenSnapshot, listings: Mapping[Facet, Listing], parent: str
) -> dict[str, list[Count]]:
    """Return the values of facets by name, each of the list that it counts."""
    by_listing: dict[Listing, list[Facet]] = {}
    for facet, listing in listings.items():
        by_listing.setdefault(listing, []).append(facet)
    counted: dict[str, list[Count]] = {}
    for listing, together in by_listing.items():
        counted |= answer(snapshot, listing, parent, lambda found, of=together: _counted(found, of))  # type: ignore[misc]
    return counted


class _Values(dict[str, list[Count]]):
    """The values of facets; false if no facet has any, as if nothing was found."""

    def __bool__(self) -> bool:
        return any(self.values())


def _counted(found: Found, facets: Sequence[Facet]) -> dict[str, list[Count]]:
    asked = {facet.name: {"terms": _terms(facet)} for facet in facets}
    answered = found.snapshot.searcher.aggregate(found.query, asked)
    return _Values(
        (facet.name, _values(found, facet, answered[facet.name]["buckets"])) for facet in facets
    )


def _terms(facet: Facet) -> dict[str, Any]:
    if isinstance(facet, SiteFacet):
        prefix = re.escape(site_value(facet.path, None).removesuffix("null"))
        return {"field": "site", "include": f"{prefix}.*", "size": _MANY, "segment_size": _ALL}
    if facet in PERIODS:
        size = {"size": MAX_PERIODS, "order": {"_key": "desc"}}
        return {"field": facet.name.lower(), "segment_size": _ALL, **size}
    return {"field": facet.name.lower(), "size": _MANY, "segment_size": _ALL}


def _values(found: Found, facet: Facet, buckets: Sequence[Mapping[str, Any]]) -> list[Count]:
    counts = [_count(facet, bucket) for bucket in buckets]
    if facet in PERIODS:
        return counts
    counts.sort(key=_order)
    top = counts[:MAX_FACET_VALUES]
    if len(counts) < _MANY or counts[-1]["count"] < top[-1]["count"]:
        return top
    least = top[-1]["count"]
    more = [count for count in top if count["count"] > least]
    return [*more, *_with_count(found, facet, least)][:MAX_FACET_VALUES]


def _with_count(found: Found, facet: Facet, count: int) -> list[Count]:
    """Return the values of a facet that have a count, the first by name."""
    # Less than MAX_FACET_VALUES have more.
    size = {"size": 2 * MAX_FACET_VALUES, "order": {"_key": "asc"}, "min_doc_count": count}
    asked = {"values": {"terms": {**_terms(facet), **size}}}
    answered = found.snapshot.searcher.aggregate(found.query, asked)
    counts = [_count(facet, bucket) for bucket in answered["values"]["buckets"]]
    return [one for one in counts if one["count"] == count]


def _order(count: Count) -> tuple[int, Any]:
    return -count["count"], count["_id"]


def _count(facet: Facet, bucket: Mapping[str, Any]) -> Count:
    key = bucket["key"]
    value = value_in(key) if isinstance(facet, SiteFacet) else key
    return {"_id": value, "count": bucket["doc_count"]}
