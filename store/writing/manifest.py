"""The manifest: which files were loaded, their digests, and the ids that each gave.

One document of the `files` collection for each file, `_id` being `root//path`. Definitions (files
on organizations and topics) are kept here whole; `store/writing/taxonomies.py` picks the best of
each.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pymongo import DeleteOne, InsertOne, ReplaceOne
from pymongo.collection import Collection

from store.documents import Document
from store.writing.bulk_write import write_unordered
from store.writing.candidates import FileChange

# The root of what came by standard input: it has no files that could be read again.
STANDARD_INPUT = "-"
_AT_ONCE = 5000


class Entry(NamedTuple):
    """What the store knows of a file: `digest` is empty when the file has to be read again."""

    path: str
    digest: str
    documents: int


def file_id(root: str, path: str) -> str:
    """Give a file's id. No clean path holds two slashes in a row, so root and path stay apart."""
    return f"{root}//{path}"


def _range(root: str) -> Document:
    return {"$gte": f"{root}//", "$lt": f"{root}/0"}  # "0" is the character after "/"


class Manifest:
    """The `files` collection."""

    def __init__(self, files: Collection[Document]) -> None:
        self._files = files

    def entries_after(self, root: str, path: str | None) -> list[Entry]:
        """Give the files of a root that follow a path, some at once, ordered by their bytes."""
        span = _range(root) if path is None else _range(root) | {"$gt": file_id(root, path)}
        prefix = len(root) + 2
        found = self._files.find({"_id": span}, {"digest": 1, "count": 1}).sort("_id", 1)
        return [
            Entry(document["_id"][prefix:], document["digest"], document["count"])
            for document in found.limit(_AT_ONCE)
        ]

    def entry(self, root: str, path: str) -> Entry | None:
        """Give one file."""
        found = self._files.find_one({"_id": file_id(root, path)}, {"digest": 1, "count": 1})
        return None if found is None else Entry(path, found["digest"], found["count"])

    def roots_above(self, path: str) -> list[str]:
        """Give the roots that were loaded and hold the file at an absolute path."""
        parts = path.split("/")
        ids = [
            file_id("/".join(parts[:cut]) or "/", "/".join(parts[cut:]))
            for cut in range(1, len(parts))
        ]
        loaded = [file.rpartition("//")[0] for file in ids if self._loaded(file)]
        return [root or "/" for root in loaded]

    def _loaded(self, file: str) -> bool:
        root = file.partition("//")[0]
        return self._files.find_one({"_id": _range(root)}, {"_id": 1}) is not None

    def documents(self, files: Sequence[str]) -> dict[str, Document]:
        """Give what is kept of these files, whole."""
        return {found["_id"]: found for found in self._files.find({"_id": {"$in": [*files]}})}

    def record(self, changes: Sequence[FileChange], before: dict[str, Document]) -> None:
        """Keep what the files give now. Comes after the items: see `Writer.apply`."""
        entries = [
            entry for change in changes for entry in _entries(change, before.get(change.file))
        ]
        new = [one for one in entries if one["_id"] not in before]
        old = [one for one in entries if one["_id"] in before]
        # Plain inserts cost the server half as much as upserts; few of them find their id taken.
        old += [
            new[index] for index in write_unordered(self._files, [InsertOne(one) for one in new])
        ]
        if old:
            writes = [ReplaceOne({"_id": one["_id"]}, one, upsert=True) for one in old]
            self._files.bulk_write(writes, ordered=False)

    def forget(self, files: Sequence[str]) -> None:
        """Drop files."""
        self._files.bulk_write([DeleteOne({"_id": file}) for file in files], ordered=False)


def is_stream(file: str) -> bool:
    """Tell whether a file is standard input."""
    return file.startswith(f"{STANDARD_INPUT}//")


def _entries(change: FileChange, before: Document | None) -> Iterator[Document]:
    if not is_stream(change.file):
        yield _entry(change, before)
        return
    for definition in change.definitions:
        file = file_id(STANDARD_INPUT, definition["_id"])
        yield {"_id": file, "digest": "", "ids": [], "count": 1, "definitions": [definition]}


def _entry(change: FileChange, before: Document | None) -> Document:
    ids = [candidate.id for candidate in change.candidates]
    definitions = change.definitions
    if before and not change.complete:
        ids = [*ids, *(id_ for id_ in before["ids"] if id_ not in set(ids))]
        now = {definition["_id"] for definition in definitions}
        kept = (one for one in before.get("definitions", ()) if one["_id"] not in now)
        definitions = [*definitions, *kept]
    entry: Document = {
        "_id": change.file,
        "digest": change.digest if change.complete else "",
        "ids": ids,
        "count": len(ids) + len(definitions),
    }
    if definitions:
        entry["definitions"] = definitions
    return entry
