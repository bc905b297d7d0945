"""Lists as the index has them: pages by any order, and counts."""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from tantivy import DocAddress, Occur, Order, Query

from store.orders import ItemOrder
from store.reading.listing import Listing
from store.reading.pages import Window
from store.reading.search import Hit, Hits
from store.search.conditions import conditions, keys_between, with_some
from store.search.fields import id_in
from store.search.matching import Corrections
from store.search.relevance import Place, Ranking, place_of
from store.search.snapshots import OpenSnapshot
from store.search.typos import forgiven

NO_CORRECTIONS: Final[Corrections] = {}

Bounds = Mapping[str, str]
"""Bounds of sort keys, as in MongoDB's queries."""
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Found:
    """The query of a list below a parent, in a snapshot."""

    snapshot: OpenSnapshot
    clauses: list[tuple[Occur, Query]]
    order: ItemOrder

    @property
    def query(self) -> Query:
        """The query for all items of the list."""
        return Query.boolean_query(self.clauses)

    def count(self) -> int:
        """Return the number of the list's items."""
        unscored = Query.const_score_query(self.query, 0.0)
        found = self.snapshot.searcher.search(unscored, 1, count=True)
        return int(found.count)  # type: ignore[attr-defined]

    def hits(self, bounds: Bounds, limit: int, *, backward: bool) -> list[Hit]:
        """Return the first of the items between two keys, or backward the last, in that order."""
        if self.order is ItemOrder.RELEVANCE:
            return Ranking(self.snapshot.searcher, self.query, self.newest).hits(
                bounds, limit, backward=backward
            )
        return self.ordered(self.order, bounds, limit, backward=backward)

    def newest(
        self, bounds: Bounds, limit: int, *, backward: bool, but: Container[Place]
    ) -> list[Hit]:
        """Return items like `hits`, by `NEWEST`, without those at some places."""
        found: list[Hit] = []
        wanted = limit
        while len(found) < limit:
            read = self._ordered(ItemOrder.NEWEST, bounds, wanted, backward=backward)
            found += [_hit(key) for key, address in read if place_of(address) not in but]
            if len(read) < wanted:
                break
            bounds = _beyond(read[-1][0], bounds, backward=backward)
            wanted *= 4  # as there may be many such places in a row
        return found[:limit]

    def ordered(self, order: ItemOrder, bounds: Bounds, limit: int, *, backward: bool) -> list[Hit]:
        """Return items like `hits`, by a stored order."""
        return [_hit(key) for key, _ in self._ordered(order, bounds, limit, backward=backward)]

    def _ordered(
        self, order: ItemOrder, bounds: Bounds, limit: int, *, backward: bool
    ) -> list[tuple[str, DocAddress]]:
        clauses = list(self.clauses)
        if bounds:
            clauses.append((Occur.Must, keys_between(self.snapshot.index, order, bounds)))
        found = self.snapshot.searcher.search(
            Query.boolean_query(clauses),
            limit,
            count=False,
            order_by_field=order.value,
            order=Order.Desc if backward else Order.Asc,
        )
        return found.hits


def _beyond(key: str, bounds: Bounds, *, backward: bool) -> Bounds:
    """Return the bounds of what follows a key, or backward of what precedes it."""
    side = "$l" if backward else "$g"
    other = {sign: bound for sign, bound in bounds.items() if not sign.startswith(side)}
    return {**other, f"{side}t": key}


def _hit(key: str) -> Hit:
    return Hit(id_in(key), key)


def answer(
    snapshot: OpenSnapshot, listing: Listing, parent: str, ask: Callable[[Found], Result]
) -> Result:
    """Return the answer to a question about a list; a false one if nothing was found.

    If nothing is found by the search, whatever else the list asks for, typos are forgiven.
    """
    result = ask(found_by(snapshot, listing, parent, NO_CORRECTIONS))
    search = listing.conditions.search
    if result or search is None:
        return result
    corrections = forgiven(snapshot, search)
    return ask(found_by(snapshot, listing, parent, corrections)) if corrections else result


def found_by(
    snapshot: OpenSnapshot, listing: Listing, parent: str, corrections: Corrections
) -> Found:
    """Return the list below a parent."""
    clauses = conditions(snapshot.index, listing, parent)
    search = listing.conditions.search
    if search is not None:
        scored = listing.order is ItemOrder.RELEVANCE
        clauses += snapshot.matcher.query(search, corrections, with_score=scored)
    return Found(snapshot, with_some(snapshot.index.schema, clauses), listing.order)


def page(snapshot: OpenSnapshot, listing: Listing, parent: str, window: Window) -> Hits:
    """Return a window of a list."""

    def ask(found: Found) -> Hits | None:
        bounds = {
            sign: key
            for sign, key in (("$gt", window.after), ("$lt", window.before))
            if key is not None
        }
        hits = found.hits(bounds, window.limit + 1, backward=window.backward)
        overflow = len(hits) > window.limit
        hits = hits[: window.limit]
        if window.backward:
            hits.reverse()
        ends = {name: found.hits(at, 1, backward=False) for name, at in _edges(window).items()}
        previous = (window.backward and overflow) or bool(ends.get("previous"))
        following = (not window.backward and overflow) or bool(ends.get("next"))
        return Hits(hits, previous, following) if hits or previous or following else None

    return answer(snapshot, listing, parent, ask) or Hits([])


def count(snapshot: OpenSnapshot, listing: Listing, parent: str) -> int:
    """Return the number of a list's items."""
    return answer(snapshot, listing, parent, Found.count)


def _edges(window: Window) -> dict[str, Bounds]:
    edges: dict[str, Bounds] = {}
    if window.wants_previous and window.after is not None:
        edges["previous"] = {"$lte": window.after}
    if window.wants_next and window.before is not None:
        edges["next"] = {"$gte": window.before}
    return edges
