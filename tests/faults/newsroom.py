"""What runs on the replica set: a corpus, `newsgraph serve`, and `newsgraph load`."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from pymongo import MongoClient

from benchmarks.documents import item, url_of
from store.ids import item_id

Stored = dict[str, list[dict[str, Any]]]

NEWSGRAPH = str(Path(sys.executable).with_name("newsgraph"))
# What a load leaves behind. Not `meta`, which counts loads, and not what is put away later.
COLLECTIONS = ("items", "providers", "topics", "files", "superseded")

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
    """Write a file for each item; the front matter is JSON, which is YAML as well."""
    folder.mkdir()
    for number in range(items):
        text = json.dumps(item(number, items), default=lambda date: date.isoformat())
        (folder / f"{number}.md").write_text(f"---\n{text}\n---\n")


# `newsgraph` with a load that gives a server that is away one more try, rather than a minute.
_IMPATIENT = """
from functools import partial
from loaders import options
options.Options = partial(options.Options, retry_for_s=0)
from api.main import main
main()
"""


def start_load(
    uri: str, database: str, folder: Path, *, patient: bool = True
) -> subprocess.Popen[str]:
    """Start `newsgraph load`. Its output is small enough to wait in the pipes."""
    program = [NEWSGRAPH] if patient else [sys.executable, "-c", _IMPATIENT]
    return subprocess.Popen(
        [*program, "load", str(folder)],
        env=_environment(uri, database),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def serving(uri: str, database: str, log: Path, **settings: str) -> Iterator[tuple[str, int]]:
    """Run `newsgraph serve`; gives its address and its process's id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = _environment(uri, database) | settings
    with log.open("wb") as said:
        process = subprocess.Popen(
            [NEWSGRAPH, "serve", f"--port={port}"], env=environment, stdout=said, stderr=said
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_ready(url, process)
        yield url, process.pid
    finally:
        process.terminate()
        try:
            process.wait(20)
        finally:
            process.kill()


def answers(url: str) -> dict[str, Any]:
    """Ask a server in peace: gives the data of each query."""
    found = {}
    for query in QUERIES:
        answer = httpx.post(f"{url}/graphql", json={"query": query}).json()
        assert "errors" not in answer, answer
        found[query] = answer["data"]
    return found


def stored(uri: str, database: str) -> Stored:
    """Give all that a load left in a database."""
    with MongoClient[dict[str, Any]](uri) as client:
        return {name: list(client[database][name].find(sort=[("_id", 1)])) for name in COLLECTIONS}


def wait_for_items(uri: str, database: str, count: int) -> None:
    """Wait until a load has stored so many."""
    with MongoClient[dict[str, Any]](uri) as client:
        deadline = time.monotonic() + 30
        while client[database]["items"].estimated_document_count() < count:
            assert time.monotonic() < deadline, f"the load did not store {count} items within 30 s"
            time.sleep(0.02)


def _environment(uri: str, database: str) -> dict[str, str]:
    return os.environ | {
        "NEWSGRAPH_MONGODB_URI": uri,
        "NEWSGRAPH_DATABASE": database,
        "NEWSGRAPH_CACHE_MB": "0",  # every answer is to come from the database
    }


def _wait_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            if httpx.get(f"{url}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        assert process.poll() is None, "newsgraph serve ended; see its log"
        assert time.monotonic() < deadline, "newsgraph serve was not ready within 30 s"
        time.sleep(0.1)
