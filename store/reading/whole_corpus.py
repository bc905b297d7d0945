"""All that files said, as the store has it: for an export."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pymongo.database import Database

from store.connection import connect_blocking
from store.documents import CORPUS_ID, Document
from store.errors import translated
from store.site_documents import fields_by_root
from store.site_fields import SiteFields


class WholeCorpus:
    """The items, definitions and site fields of a database. All methods raise StoreError."""

    def __init__(self, database: Database[Any]) -> None:
        self._database = database

    def items(self) -> Iterator[Document]:
        """Yield the items in the order of their ids; each `source` has the id of its file."""
        with translated():
            yield from self._database["items"].find().sort("_id", 1)

    def definitions(self) -> Iterator[tuple[str, Document]]:
        """Yield the definitions of providers and topics, each with the id of its file."""
        found = self._database["files"].find({"definitions": {"$exists": True}}).sort("_id", 1)
        with translated():
            for file in found:
                for definition in file["definitions"]:
                    yield file["_id"], definition

    def site_fields(self) -> dict[str, SiteFields]:
        """Return the fields that the site file of each root declares."""
        with translated():
            corpus = self._database["meta"].find_one({"_id": CORPUS_ID}) or {}
        return fields_by_root(corpus.get("sites", ()))


@contextmanager
def whole_corpus(uri: str, database: str) -> Iterator[WholeCorpus]:
    """Yield the corpus of a database. Raises StoreError."""
    with connect_blocking(uri) as client:
        yield WholeCorpus(client[database])
