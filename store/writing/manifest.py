"""The manifest: which files were loaded, their digests, and the ids of the items in each.

One document of the `files` collection for each file. Definitions (files on organizations and
topics) are kept here whole; `store/writing/taxonomies.py` picks the best of each.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, NotRequired, TypedDict

from pymongo import DeleteOne, InsertOne, ReplaceOne
from pymongo.collection import Collection

from store.writing.bulk_write import write_unordered
from store.writing.candidates import Definition, FileChange
from store.writing.file_ids import STREAM_ROOT, file_id, is_stream, span_of

_BATCH = 5000
_SHOWN = {"digest": 1, "count": 1}


class LoadedFile(NamedTuple):
    """A loaded file, relative to its root; `digest` is empty when it has to be read again."""

    path: str
    digest: str
    documents: int


class FileDocument(TypedDict):
    """A document of the `files` collection; `count` is that of its items and definitions."""

    _id: str
    digest: str
    ids: list[str]
    count: int
    definitions: NotRequired[list[Definition]]


class Manifest:
    """The `files` collection."""

    def __init__(self, files: Collection[FileDocument]) -> None:
        self._files = files

    def files_after(self, root: str, path: str | None, below: str = "") -> list[LoadedFile]:
        """Return the next batch of a root's files after `path`, in byte order.

        With `below`, the path of a folder that ends with a slash, return only those in it.
        """
        span = span_of(root, below)
        if path is not None:
            span["$gt"] = file_id(root, path)
        found = self._files.find({"_id": span}, _SHOWN).sort("_id", 1)
        return list(_loaded_files(root, found.limit(_BATCH)))

    def files(self, root: str, paths: Sequence[str]) -> dict[str, LoadedFile]:
        """Return those of a root's files that were loaded, by path."""
        ids = [file_id(root, path) for path in paths]
        found = self._files.find({"_id": {"$in": ids}}, _SHOWN)
        return {file.path: file for file in _loaded_files(root, found)}

    def documents(self, files: Sequence[str]) -> dict[str, FileDocument]:
        """Return these files' documents by id."""
        return {found["_id"]: found for found in self._files.find({"_id": {"$in": [*files]}})}

    def record(self, changes: Sequence[FileChange], before: Mapping[str, FileDocument]) -> None:
        """Store what the files offer now. Comes after the items: see `Writer.apply`."""
        documents = [document for change in changes for document in _documents(change, before)]
        new = [document for document in documents if document["_id"] not in before]
        old = [document for document in documents if document["_id"] in before]
        # A plain insert costs the server half as much as an upsert, and rarely finds its id taken.
        taken = write_unordered(self._files, [InsertOne(document) for document in new])
        old += [new[position] for position in taken]
        if old:
            writes = [
                ReplaceOne({"_id": document["_id"]}, document, upsert=True) for document in old
            ]
            self._files.bulk_write(writes, ordered=False)

    def forget(self, files: Sequence[str]) -> None:
        """Delete the documents of files."""
        self._files.bulk_write([DeleteOne({"_id": file}) for file in files], ordered=False)


def _loaded_files(root: str, documents: Iterable[FileDocument]) -> Iterator[LoadedFile]:
    prefix = len(root) + 2
    for document in documents:
        yield LoadedFile(document["_id"][prefix:], document["digest"], document["count"])


def _documents(change: FileChange, before: Mapping[str, FileDocument]) -> Iterator[FileDocument]:
    if not is_stream(change.file):
        yield _document(change, before.get(change.file))
        return
    for definition in change.definitions:
        file = file_id(STREAM_ROOT, definition["_id"])
        yield {"_id": file, "digest": "", "ids": [], "count": 1, "definitions": [definition]}


def _document(change: FileChange, before: FileDocument | None) -> FileDocument:
    ids = [candidate.id for candidate in change.candidates]
    definitions = change.definitions
    if before and not change.complete:
        ids = [*ids, *(id_ for id_ in before["ids"] if id_ not in set(ids))]
        now = {definition["_id"] for definition in definitions}
        earlier = before.get("definitions", ())
        kept = (definition for definition in earlier if definition["_id"] not in now)
        definitions = [*definitions, *kept]
    document: FileDocument = {
        "_id": change.file,
        "digest": change.digest if change.complete else "",
        "ids": ids,
        "count": len(ids) + len(definitions),
    }
    if definitions:
        document["definitions"] = definitions
    return document
