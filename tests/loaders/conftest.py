"""Load into a fresh database, and read all of it back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from loaders.diagnostics import Diagnostic
from loaders.load import load
from loaders.options import Options
from loaders.report import Report
from store.documents import Document

Snapshot = dict[str, list[Document]]


class Loader:
    """Loads into a database; `diagnostics` and `notes` are those of the last load."""

    def __init__(self, uri: str, database: Database[Document]) -> None:
        self.uri = uri
        self.database = database
        self.diagnostics: list[Diagnostic] = []
        self.notes: list[str] = []

    def __call__(self, *paths: Path | str, **options: Any) -> Report:
        self.diagnostics, self.notes = [], []
        return load(
            [str(path) for path in paths],
            uri=self.uri,
            database=self.database.name,
            options=Options(
                on_diagnostic=self.diagnostics.append,
                on_note=self.notes.append,
                **{"jobs": 1} | options,
            ),
        )

    def snapshot(self) -> Snapshot:
        """Return all that loads leave in the database, except when they ran."""
        names = ("items", "providers", "topics", "authors", "files", "superseded", "intents")
        return {name: list(self.database[name].find({}, {"turn": 0}).sort("_id")) for name in names}

    @property
    def version(self) -> int:
        """The corpus's version."""
        meta = self.database["meta"].find_one({"_id": "corpus"})
        return int(meta["version"]) if meta else 0

    def item(self, **match: object) -> Document:
        """Return the one item that matches."""
        (found,) = self.database["items"].find(match)
        return found


@pytest.fixture
def loader(mongod: str, database_name: str) -> Iterator[Loader]:
    """An empty database to load into."""
    with MongoClient[Document](mongod, tz_aware=True) as client:
        yield Loader(mongod, client[database_name])


def write(path: Path, text: str | bytes) -> Path:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def write_at_once(path: Path, text: str) -> Path:
    """Write a file so that a watch cannot see it before it is complete."""
    return write(path.with_name(f".{path.name}"), text).replace(path)
