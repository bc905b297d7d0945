"""The roots that were loaded: where their files are in the manifest, and how their last load went.

The manifest knows which roots there are. The `roots` collection adds what only a load of a whole
root knows, one document for each.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypedDict

from pymongo.collection import Collection
from pymongo.database import Database

from store.connection import connect_blocking
from store.errors import translated
from store.writing.file_ids import end_of, root_of, span_of

MAX_FAILURES = 20
"""Paths of failed files that are kept for each root."""


class RootDocument(TypedDict):
    """A document of the `roots` collection; `failures` are the first paths of those that failed."""

    _id: str
    loadedDateTime: datetime
    failed: int
    failures: list[str]


@dataclass(frozen=True)
class LoadedRoot:
    """A root, and how much of it is loaded.

    `items` counts those that its files offer, and `failed` the files with errors in the last load
    of the whole root. `failures` are the paths of the first of these. `loaded` (UTC) is when that
    load ended, or None if the root was only loaded in parts.
    """

    root: str
    files: int = 0
    items: int = 0
    failed: int = 0
    failures: list[str] = field(default_factory=list)
    loaded: datetime | None = None


class Roots:
    """The roots of a database. All methods raise PyMongo's errors."""

    def __init__(self, database: Database[Any]) -> None:
        self._files: Collection[Any] = database["files"]
        self._roots: Collection[RootDocument] = database["roots"]

    def record(self, root: str, failed: int, failures: Sequence[str]) -> None:
        """Record a load of a whole root."""
        document: RootDocument = {
            "_id": root,
            "loadedDateTime": datetime.now(UTC),
            "failed": failed,
            "failures": [_as_text(path) for path in failures[:MAX_FAILURES]],
        }
        self._roots.replace_one({"_id": root}, document, upsert=True)

    def forget(self, root: str) -> None:
        """Delete what is recorded of a root. Its files are the manifest's."""
        self._roots.delete_one({"_id": root})

    def above(self, path: str) -> list[str]:
        """Return the roots that hold the file at an absolute path, the outermost first."""
        parts = path.split("/")
        folders = ("/".join(parts[:cut]) or "/" for cut in range(1, len(parts)))
        return [folder for folder in folders if self.is_loaded(folder)]

    def below(self, root: str) -> list[str]:
        """Return the roots in the folders below a root."""
        prefix = f"{root.rstrip('/')}/"
        end = end_of(prefix)
        recorded = self._roots.find({"_id": {"$gte": prefix, "$lt": end}}, {"_id": 1})
        found = {document["_id"] for document in recorded} | {*self._between(prefix, end)}
        return sorted(found - {root})

    def is_loaded(self, root: str) -> bool:
        """Return whether a root was loaded, even if it has no files."""
        has_files = self._files.find_one({"_id": span_of(root)}, {"_id": 1}) is not None
        return has_files or self._roots.find_one({"_id": root}, {"_id": 1}) is not None

    def all(self) -> list[LoadedRoot]:
        """Return all roots, those too of which every file failed. Reads the whole manifest."""
        recorded = {document["_id"]: document for document in self._roots.find()}
        names = recorded.keys() | set(self._between("/", "0"))
        return [self._loaded(root, recorded.get(root)) for root in sorted(names)]

    def _loaded(self, root: str, recorded: RootDocument | None) -> LoadedRoot:
        counts = next(self._files.aggregate(_counting(root)), {"files": 0, "items": 0})
        if recorded is None:
            return LoadedRoot(root, counts["files"], counts["items"])
        return LoadedRoot(
            root,
            counts["files"],
            counts["items"],
            recorded["failed"],
            recorded["failures"],
            recorded["loadedDateTime"],
        )

    def _between(self, first: str, end: str) -> Iterator[str]:
        """Yield the roots of the files in a range of ids, with one read for each root."""
        in_order = [("_id", 1)]
        while found := self._files.find_one(
            {"_id": {"$gte": first, "$lt": end}}, {"_id": 1}, sort=in_order
        ):
            root = root_of(found["_id"])
            yield root
            first = span_of(root)["$lt"]


def _as_text(path: str) -> str:
    """Return a path without the bytes that are not UTF-8, which MongoDB does not store."""
    return path.encode(errors="replace").decode()


def read_roots(uri: str, database: str) -> list[LoadedRoot]:
    """Return the roots of a database, by path. Raises StoreError."""
    with connect_blocking(uri) as client, translated():
        return Roots(client[database]).all()


def _counting(root: str) -> list[dict[str, Any]]:
    return [
        {"$match": {"_id": span_of(root)}},
        {"$group": {"_id": None, "files": {"$sum": 1}, "items": {"$sum": {"$size": "$ids"}}}},
    ]
