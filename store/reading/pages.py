"""Keyset paging: a page is a range of sort keys.

So deep pages cost no more than the first, and nothing repeats.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from store.documents import Document, Expression, Pipeline, Projection


@dataclass(frozen=True, slots=True)
class Part:
    """The documents of a sorted list that are read: at most `limit` of those that match."""

    match: Expression
    sort: Mapping[str, int]
    limit: int
    projection: Projection

    @property
    def stages(self) -> Pipeline:
        """The stages that cut the part out of the list."""
        return [
            *([{"$match": self.match}] if self.match else ()),
            {"$sort": self.sort},
            {"$limit": self.limit},
            {"$project": self.projection},
        ]

    def below(self, match: Expression) -> "Part":
        """Return the part of the list that a query finds."""
        return replace(self, match={"$and": [match, self.match]} if self.match else match)


@dataclass(frozen=True, slots=True)
class Window:
    """Part of a list: at most `limit` documents between two sort keys, counted from either end."""

    limit: int
    after: str | None = None
    before: str | None = None
    backward: bool = False
    # Whether more documents lie beyond a cursor takes another call, made only on request.
    wants_previous: bool = False
    wants_next: bool = False
    # Sort keys are the larger part of a list of ids. Only cursors need them.
    wants_keys: bool = True

    def projection(self, field: str, projection: Projection) -> Projection:
        """Return what to read of the window's documents; `field` is the path of the sort keys."""
        return {**projection, field: 1} if self.wants_keys else projection

    def part(self, field: str, projection: Projection) -> Part:
        """Return the part of a list that is this window, and one more document.

        `field` is the path of the sort keys, whose ascending order is the list's.
        """
        keys = {}
        if self.after is not None:
            keys["$gt"] = self.after
        if self.before is not None:
            keys["$lt"] = self.before
        direction = -1 if self.backward else 1
        return Part({field: keys} if keys else {}, {field: direction}, self.limit + 1, projection)

    def edges(self, field: str) -> dict[str, Part]:
        """Return the parts with one document at or beyond a cursor: `previous`, `next`."""
        parts: dict[str, Part] = {}
        if self.wants_previous and self.after is not None:
            parts["previous"] = _edge(field, {"$lte": self.after}, -1)
        if self.wants_next and self.before is not None:
            parts["next"] = _edge(field, {"$gte": self.before}, 1)
        return parts


@dataclass(slots=True)
class Page:
    """A window's documents in the list's order, and whether the list continues at either end."""

    documents: list[Document]
    has_previous: bool = False
    has_next: bool = False
    read: list[Document] | None = None
    """Documents with sort keys that were read, if some of them were left out."""

    @property
    def bounds(self) -> Sequence[Document]:
        """The documents of which the first and the last one are the page's ends."""
        return self.documents if self.read is None else self.read

    def with_documents(self, documents: list[Document], field: str) -> "Page":
        """Return this page with only some of its documents, but with the same ends.

        So clients can page on even if none is left. `field` is the path of the sort keys.
        """
        read = [one for one in self.documents if _has_key(one, field)]
        return Page(documents, self.has_previous, self.has_next, read)


def _has_key(document: Document, field: str) -> bool:
    value: object = document
    for name in field.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return isinstance(value, str)


def page_of(
    window: Window, found: Sequence[Document], beyond: Mapping[str, Sequence[Document]]
) -> Page:
    """Return the page of a window from the results of its `part` and its `edges`."""
    documents = list(found[: window.limit])
    overflow = len(found) > window.limit
    if window.backward:
        documents.reverse()
    return Page(
        documents,
        has_previous=(window.backward and overflow) or bool(beyond.get("previous")),
        has_next=(not window.backward and overflow) or bool(beyond.get("next")),
    )


def _edge(field: str, keys: Mapping[str, str], direction: int) -> Part:
    return Part({field: keys}, {field: direction}, 1, {"_id": 1})
