"""Loading into a fresh database, and reading all of it back."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from loaders.diagnostics import Diagnostic
from loaders.load import load
from loaders.options import Options
from loaders.report import Report

Document = dict[str, Any]
Load = Callable[..., Report]


class Loader:
    """A database, and loads into it; `problems` and `notes` are those of the last load."""

    def __init__(self, uri: str, database: Database[Document]) -> None:
        self.uri = uri
        self.database = database
        self.problems: list[Diagnostic] = []
        self.notes: list[str] = []

    def __call__(self, *paths: Path | str, **options: Any) -> Report:
        self.problems, self.notes = [], []
        return load(
            [str(path) for path in paths],
            uri=self.uri,
            database=self.database.name,
            options=Options(
                on_diagnostic=self.problems.append,
                on_note=self.notes.append,
                **{"jobs": 1} | options,
            ),
        )

    def snapshot(self) -> dict[str, list[Document]]:
        """Give all that loads leave behind, but for when they ran."""
        names = ("items", "providers", "topics", "files", "superseded", "intents")
        return {name: list(self.database[name].find({}, {"turn": 0}).sort("_id")) for name in names}

    @property
    def version(self) -> int:
        """The corpus's version."""
        meta = self.database["meta"].find_one({"_id": "corpus"})
        return int(meta["version"]) if meta else 0

    def item(self, **match: Any) -> Document:
        """Give the one item that matches."""
        (found,) = self.database["items"].find(match)
        return found


@pytest.fixture
def loader(mongod: str, database_name: str) -> Iterator[Loader]:
    """An empty database to load into."""
    with MongoClient[Document](mongod, tz_aware=True) as client:
        yield Loader(mongod, client[database_name])


def write(path: Path, text: str | bytes) -> Path:
    """Write a file, and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path
