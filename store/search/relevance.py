"""Lists by relevance: how well an item matches, and how new it is.

The best BEST are ranked; the others follow from the newest on, so that every page of any depth
costs the same, and together they are the whole list. Keys are texts whose ascending order is the
list's, like the stored sort keys, so a page begins where the last one ended even if the index has
changed; only what then has another rank may be missed or come again.
"""

import operator
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Container, Iterator, Mapping
from datetime import UTC, datetime
from itertools import groupby, islice
from typing import Final, Protocol

from tantivy import DocAddress, Query, Searcher

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
_LAST: Final = "\U0010ffff"  # it sorts after all that can follow in a key
_COMPARE: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "$gt": operator.gt,
    "$gte": operator.ge,
    "$lt": operator.lt,
    "$lte": operator.le,
}
_rank_of: Final = operator.itemgetter(0)

Ranked = tuple[int, DocAddress]
"""An item and its rank, which is smaller for a better one."""

Place = tuple[int, int]
"""The segment of a document in a searcher, and its number there."""


class _Newest(Protocol):
    def __call__(
        self, bounds: Mapping[str, str], limit: int, *, backward: bool, but: Container[Place]
    ) -> list[Hit]: ...


class Ranking:
    """The items of one list by relevance."""

    def __init__(self, searcher: Searcher, query: Query, newest: _Newest) -> None:
        """`newest` returns the list's items between keys by `NEWEST`, but those at some places."""
        self._searcher = searcher
        self._newest = newest
        self._ranked = _ranked(searcher, query)

    def hits(self, bounds: Mapping[str, str], limit: int, *, backward: bool) -> list[Hit]:
        """Return the first of the items between two keys, or backward the last, in that order."""
        best = self._best(bounds, backward=backward)
        if backward:
            rest = self._rest(bounds, limit, backward=True)
            return [*rest, *islice(best, limit - len(rest))]
        found = [*islice(best, limit)]
        if len(found) < limit:
            found += self._rest(bounds, limit - len(found), backward=False)
        return found

    def _best(self, bounds: Mapping[str, str], *, backward: bool) -> Iterator[Hit]:
        """Yield the ranked items between two keys. What nobody asks for is not read."""
        ranked = self._near(bounds)
        for rank, equals in groupby(reversed(ranked) if backward else ranked, _rank_of):
            hits = [self._hit(rank, address) for _, address in equals]
            hits.sort(key=operator.attrgetter("key"), reverse=backward)
            yield from (hit for hit in hits if _is_within(hit.key, bounds))

    def _near(self, bounds: Mapping[str, str]) -> list[Ranked]:
        """Return the ranked items that may be between two keys, as their ranks tell."""
        start, end = 0, len(self._ranked)
        for sign, bound in bounds.items():
            if sign.startswith("$g"):
                start = bisect_left(self._ranked, bound, key=lambda one: _key(one[0]) + _LAST)
            else:
                end = bisect_right(self._ranked, bound, key=lambda one: _key(one[0]))
        return self._ranked[start:end]

    def _rest(self, bounds: Mapping[str, str], limit: int, *, backward: bool) -> list[Hit]:
        between = _among_the_rest(bounds)
        if len(self._ranked) < BEST or between is None:
            return []
        best = {place_of(address) for _, address in self._ranked}
        found = self._newest(between, limit, backward=backward, but=best)
        return [Hit(hit.id, _REST + hit.key) for hit in found]

    def _hit(self, rank: int, address: DocAddress) -> Hit:
        newest = self._searcher.doc(address)["newest"][0]
        return Hit(id_in(newest), f"{_key(rank)}{newest}")


def place_of(address: DocAddress) -> Place:
    """Return where a document is, as what can be looked up in a set."""
    return address.segment_ord, address.doc


def _ranked(searcher: Searcher, query: Query) -> list[Ranked]:
    """Return the best items of a list, each after its rank, of which several may have the same."""
    found = searcher.search(query, BEST, count=False).hits
    days = searcher.fast_field_values("day", [address for _, address in found])
    # By the day, so that the ranks of two pages differ only if there is midnight between them.
    today = datetime.now(UTC).toordinal()
    ranked = []
    for (score, address), day in zip(found, days, strict=True):
        worth = score if day is None else score * _freshness(today - day)
        ranked.append((_CEILING - int(worth * _SCALE), address))
    return sorted(ranked, key=_rank_of)


def _key(rank: int) -> str:
    """Return what the keys of the items with a rank begin with."""
    return f"{rank:016d}:"


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
