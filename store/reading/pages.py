"""Keyset paging: a page is a range of sort keys.

So deep pages cost no more than the first, and nothing repeats.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from store.documents import Document, Pipeline, Projection


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

    def stages(self, field: str, projection: Projection) -> Pipeline:
        """Return the stages that cut this window, and one more document, out of a list.

        `field` is the path of the sort keys, whose ascending order is the list's.
        """
        keys = {}
        if self.after is not None:
            keys["$gt"] = self.after
        if self.before is not None:
            keys["$lt"] = self.before
        between: Pipeline = [{"$match": {field: keys}}] if keys else []
        return [
            *between,
            {"$sort": {field: -1 if self.backward else 1}},
            {"$limit": self.limit + 1},
            {"$project": dict(projection)},
        ]

    def edge_queries(self, field: str) -> dict[str, Pipeline]:
        """Return the stages that find one document at or beyond a cursor: `previous`, `next`."""
        queries: dict[str, Pipeline] = {}
        if self.wants_previous and self.after is not None:
            queries["previous"] = _edge_query(field, {"$lte": self.after}, -1)
        if self.wants_next and self.before is not None:
            queries["next"] = _edge_query(field, {"$gte": self.before}, 1)
        return queries


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
    """Return the page of a window from the results of its `stages` and its `edge_queries`."""
    documents = list(found[: window.limit])
    overflow = len(found) > window.limit
    if window.backward:
        documents.reverse()
    return Page(
        documents,
        has_previous=(window.backward and overflow) or bool(beyond.get("previous")),
        has_next=(not window.backward and overflow) or bool(beyond.get("next")),
    )


def _edge_query(field: str, keys: Mapping[str, str], direction: int) -> Pipeline:
    return [
        {"$match": {field: keys}},
        {"$sort": {field: direction}},
        {"$limit": 1},
        {"$project": {"_id": 1}},
    ]
