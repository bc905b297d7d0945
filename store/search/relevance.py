"""Lists by relevance: how well an item matches, and how new it is.

The best BEST are ranked; the others follow from the newest on, so that every page of any depth
costs the same, and together they are the whole list. Keys are texts whose ascending order is the
list's, like the stored sort keys, so a page begins where the last one ended even if the index has
changed; only what then has another rank may be missed or come again.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, Protocol

from tantivy import Query, Searcher

from store.reading.search import Hit
from store.search.fields import id_in

BEST: Final = 1_000
"""Items of a list that are ranked by relevance."""

# An item published today is worth half as much again, and one of a month ago a quarter.
_FRESH: Final = 0.5
_DAYS: Final = 30

_SCALE: Final = 10**9  # scores are kept in units of a billionth
_CEILING: Final = 2 * 10**15
_REST: Final = "~:"  # what the keys of the others begin with: it sorts after all digits
_COMPARE: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "$gt": operator.gt,
    "$gte": operator.ge,
    "$lt": operator.lt,
    "$lte": operator.le,
}


class _Newest(Protocol):
    def __call__(
        self, bounds: Mapping[str, str], limit: int, *, backward: bool, but: Sequence[str]
    ) -> list[Hit]: ...


class Ranking:
    """The items of one list by relevance."""

    def __init__(self, searcher: Searcher, query: Query, newest: _Newest) -> None:
        """`newest` returns the list's items between keys by `NEWEST`, but some."""
        self._newest = newest
        self._best = _ranked(searcher, query)

    def hits(self, bounds: Mapping[str, str], limit: int, *, backward: bool) -> list[Hit]:
        """Return the first of the items between two keys, or backward the last, in that order."""
        best = [hit for hit in self._best if _is_within(hit.key, bounds)]
        if backward:
            found = self._rest(bounds, limit, backward=True)
            return [*found, *reversed(best[len(best) - (limit - len(found)) :])][:limit]
        if len(best) >= limit:
            return best[:limit]
        return [*best, *self._rest(bounds, limit - len(best), backward=False)]

    def _rest(self, bounds: Mapping[str, str], limit: int, *, backward: bool) -> list[Hit]:
        between = _among_the_rest(bounds)
        if len(self._best) < BEST or between is None:
            return []
        found = self._newest(between, limit, backward=backward, but=[hit.id for hit in self._best])
        return [Hit(hit.id, _REST + hit.key) for hit in found]


def _ranked(searcher: Searcher, query: Query) -> list[Hit]:
    found = searcher.search(query, BEST, count=False).hits
    addresses = [address for _, address in found]
    days = searcher.fast_field_values("day", addresses)
    # By the day, so that the ranks of two pages differ only if there is midnight between them.
    today = datetime.now(UTC).toordinal()
    hits = []
    for (score, address), day in zip(found, days, strict=True):
        newest = searcher.doc(address)["newest"][0]
        worth = score if day is None else score * _freshness(today - day)
        hits.append(Hit(id_in(newest), f"{_CEILING - int(worth * _SCALE):016d}:{newest}"))
    return sorted(hits, key=operator.attrgetter("key"))


def _freshness(age: float) -> float:
    return 1 + _FRESH * _DAYS / (_DAYS + max(age, 0))


def _is_within(key: str, bounds: Mapping[str, str]) -> bool:
    return all(_COMPARE[sign](key, bound) for sign, bound in bounds.items())


def _among_the_rest(bounds: Mapping[str, str]) -> dict[str, str] | None:
    """Return the bounds of `NEWEST` that mean the same; None if none of the rest is within."""
    found = {}
    for sign, bound in bounds.items():
        if bound.startswith(_REST):
            found[sign] = bound.removeprefix(_REST)
        elif sign.startswith("$l"):
            return None
    return found
