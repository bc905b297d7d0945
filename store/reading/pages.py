"""Keyset paging: a page is a range of sort keys, so depth costs nothing and nothing repeats."""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from store.documents import Document

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list: at most `limit` documents between two sort keys, from either end."""

    limit: int
    after: str | None = None
    before: str | None = None
    backward: bool = False
    # Whether there is more beyond a cursor has to be looked up, so only for those who ask.
    wants_previous: bool = False
    wants_next: bool = False

    def stages(self, field: str, projection: Mapping[str, Any]) -> list[Document]:
        """Give the pipeline stages that cut this window, and one document more, out of a list.

        `field` holds the sort keys, whose ascending order is the list's.
        """
        keys = {}
        if self.after is not None:
            keys["$gt"] = self.after
        if self.before is not None:
            keys["$lt"] = self.before
        return [
            *([{"$match": {field: keys}}] if keys else []),
            {"$sort": {field: -1 if self.backward else 1}},
            {"$limit": self.limit + 1},
            {"$project": dict(projection)},
        ]

    def probes(self, field: str) -> dict[str, list[Document]]:
        """Give the stages that find one document at or beyond a cursor: `previous`, `next`."""
        probes: dict[str, list[Document]] = {}
        if self.wants_previous and self.after is not None:
            probes["previous"] = _probe(field, {"$lte": self.after}, -1)
        if self.wants_next and self.before is not None:
            probes["next"] = _probe(field, {"$gte": self.before}, 1)
        return probes


@dataclass(slots=True)
class Page:
    """A window's documents in the list's order, and whether there is more at either end."""

    documents: list[Document]
    has_previous: bool = False
    has_next: bool = False


def page_of(window: Window, found: Sequence[Document], beyond: Mapping[str, Any]) -> Page:
    """Make a window's page of what its `stages` found and, by name, what its `probes` did."""
    documents = list(found[: window.limit])
    overflow = len(found) > window.limit
    if window.backward:
        documents.reverse()
    return Page(
        documents,
        has_previous=(window.backward and overflow) or bool(beyond.get("previous")),
        has_next=(not window.backward and overflow) or bool(beyond.get("next")),
    )


async def all_at_once(*calls: Coroutine[Any, Any, Result]) -> list[Result]:
    """Await a page's calls, mostly one: without the task that `asyncio.gather` makes of each."""
    if len(calls) == 1:
        return [await calls[0]]
    return await asyncio.gather(*calls)


def _probe(field: str, keys: dict[str, str], direction: int) -> list[Document]:
    return [
        {"$match": {field: keys}},
        {"$sort": {field: direction}},
        {"$limit": 1},
        {"$project": {"_id": 1}},
    ]
