"""Writing the index of a folder: one for each audience, kept in step."""

import json
import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Self

from tantivy import Document as IndexDocument
from tantivy import Index, Query

from store.audience import Audience
from store.documents import Document
from store.errors import StoreError
from store.search.fields import document_of, open_index
from store.search.interface import Place

log = logging.getLogger("newsgraph.search")

MAX_NOTE: Final = 10_000
"""Characters of a place's note."""
_HEAP = 50_000_000  # bytes of each index that are not yet in a segment

# The audience of the last one to be committed has the older place, if any has.
_IN_ORDER = (Audience.EDITOR, Audience.PUBLIC)
_PLACE = "place"  # the id of the document that holds it; those of items begin with `item:`


class Locked(StoreError):
    """Another writer has the folder."""


class IndexWriter:
    """Implements `store.search.interface.Writer`."""

    def __init__(self, folder: Path) -> None:
        """Open the index in a folder, which is made if it does not exist. Raises Locked."""
        self._indexes = {audience: open_index(folder, audience) for audience in _IN_ORDER}
        self._place = read_place(self._indexes[_IN_ORDER[-1]])
        self._is_new = self._place is None
        self._added: set[str] = set()  # what a new index has
        try:
            # One thread each: their work is small beside that of the analysis.
            self._writers = {
                audience: index.writer(_HEAP, 1) for audience, index in self._indexes.items()
            }
        except ValueError as error:
            raise Locked(f"Another process writes the search index in {folder}.") from error

    @property
    def place(self) -> Place | None:
        """The place of the last commit; None if there is none, or after `clear`."""
        return self._place

    def replace(self, items: Iterable[Document]) -> None:
        """Index items, each in place of the one that had its id."""
        for item in items:
            id_ = item["_id"]
            # Not for nothing: an index that is built has nothing to remove, unless an item changes.
            if not self._is_new or id_ in self._added:
                self._delete(id_)
            if self._is_new:
                self._added.add(id_)
            self._add(item)

    def remove(self, ids: Iterable[str]) -> None:
        """Take the items with these ids out of the index."""
        for id_ in ids:
            self._delete(id_)

    def clear(self) -> None:
        """Take everything out of the index, and forget the place."""
        for writer in self._writers.values():
            writer.delete_all_documents()
        self._place = None
        self._is_new = True
        self._added.clear()

    def commit(self, place: Place) -> None:
        """Make everything so far visible, and safe from a kill, together with the place."""
        if len(place.note) > MAX_NOTE:
            raise ValueError(f"a note has {len(place.note)} characters; at most {MAX_NOTE} fit")
        document = IndexDocument()
        document.add_text("id", _PLACE)
        document.add_bytes(_PLACE, json.dumps(place).encode())
        for writer in self._writers.values():
            writer.delete_documents_by_term("id", _PLACE)
            writer.add_document(document)
            writer.commit()
        self._place = place
        self._is_new = False
        self._added.clear()

    def close(self) -> None:
        """Forget what was not committed, and let another writer have the folder."""
        self._writers.clear()  # a writer is closed when nothing refers to it

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _add(self, item: Document) -> None:
        try:
            document = document_of(item)
        except Exception:
            log.exception("The item %s is damaged; it is not in the search index", item["_id"])
            return
        for audience, writer in self._writers.items():
            if item["published"] in audience.sees:
                writer.add_document(document)

    def _delete(self, id_: str) -> None:
        for writer in self._writers.values():
            writer.delete_documents_by_term("id", id_)


def read_place(index: Index) -> Place | None:
    """Return the place of a commit; None if there was none."""
    searcher = index.searcher()
    query = Query.term_query(index.schema, "id", _PLACE)
    found = searcher.search(query, 1, count=False).hits
    if not found:
        return None
    return Place(*json.loads(searcher.doc(found[0][1])[_PLACE][0]))
