"""`newsgraph serve` and `newsgraph load` on the replica set, with their corpus and queries."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from pymongo import MongoClient

from benchmarks.documents import item, url_of
from store.ids import item_id
from tests.command import NEWSGRAPH, environment, running

# The documents of a database, by collection.
Stored = dict[str, list[dict[str, object]]]

# What a load leaves behind, without `meta`, which counts loads, and what is cleaned up later.
COLLECTIONS = ("items", "providers", "topics", "authors", "files", "superseded")

QUERIES = (
    """{ items(first: 20) { totalCount nodes { id title publishedDateTime topics { id name }
         provider { id name itemCount items(first: 3) { nodes { id } } }
         related { title item { id title provider { name } } } } } }""",
    """{ providers(first: 10, orderBy: MOST_ITEMS) { nodes { id domain name itemCount
         items(first: 3) { nodes { id title related { item { id title } } } } } } }""",
    """{ topics(first: 5) { nodes { id name itemCount items(first: 2, orderBy: HOTTEST) {
         totalCount nodes { id heat relatedBy(first: 2) { nodes { id } } } } } } }""",
    f"""{{ item(id: "{item_id(url_of(7))}") {{ id title excerpt relatedBy(first: 5) {{ totalCount }}
         provider {{ items(first: 5, orderBy: BEST) {{ nodes {{ id title quality }} }} }} }} }}""",
)


def write_corpus(folder: Path, items: int) -> None:
    """Write a file for each item. The front matter is JSON, which is YAML as well."""
    folder.mkdir()
    for number in range(items):
        text = json.dumps(item(number, items), default=lambda date: date.isoformat())
        (folder / f"{number}.md").write_text(f"---\n{text}\n---\n")


# `newsgraph`, but a load retries only once while MongoDB is away, rather than for a minute.
_WITHOUT_RETRIES = """
from store.writing import session
session.RETRY_FOR_S = 0  # before anything takes it as a default
from api.main import main
main()
"""


def start_load(
    uri: str, database: str, folder: Path, *, patient: bool = True
) -> subprocess.Popen[str]:
    """Start `newsgraph load`. Its output is small enough for the pipes."""
    program = [NEWSGRAPH] if patient else [sys.executable, "-c", _WITHOUT_RETRIES]
    return subprocess.Popen(
        [*program, "load", str(folder)],
        env=environment(MONGODB_URI=uri, DATABASE=database),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def serving(uri: str, database: str, folder: Path) -> Iterator[str]:
    """Run `newsgraph serve` in a folder, without a response cache; yields its origin once ready."""
    settings = {"MONGODB_URI": uri, "DATABASE": database, "CACHE_MB": "0"}
    with running("serve", cwd=folder, **settings) as origin:
        _wait_until_ready(origin)
        yield origin


def responses(url: str) -> dict[str, object]:
    """Return the data of each query from a server without faults."""
    found: dict[str, object] = {}
    for query in QUERIES:
        body = httpx.post(f"{url}/graphql", json={"query": query}).json()
        assert "errors" not in body, body
        found[query] = body["data"]
    return found


def stored(uri: str, database: str) -> Stored:
    """Return everything that loads left in a database."""
    with MongoClient[dict[str, object]](uri) as client:
        return {name: list(client[database][name].find(sort=[("_id", 1)])) for name in COLLECTIONS}


def wait_for_items(uri: str, database: str, count: int) -> None:
    """Wait until a load has stored `count` items."""
    with MongoClient[dict[str, object]](uri) as client:
        deadline = time.monotonic() + 60
        while client[database]["items"].estimated_document_count() < count:
            assert time.monotonic() < deadline, f"the load did not store {count} items within 60 s"
            time.sleep(0.02)


def _wait_until_ready(origin: str) -> None:
    deadline = time.monotonic() + 60
    while httpx.get(f"{origin}/readyz").status_code != 200:
        assert time.monotonic() < deadline, "newsgraph serve was not ready within 60 s"
        time.sleep(0.1)
