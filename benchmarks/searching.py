"""Searches, counts and facets over HTTP, one worker, without the response cache.

    .venv/bin/python -m benchmarks.searching [--items 20000] [--backend tantivy mongodb]
        [--clients 1 8] [--data-dir DIR]

Fills a corpus, starts a server, waits for its index, and sends each kind of query again and again:
`--seconds` long, and no less than 20 of them, unless they take five times as long. The first
backend is measured with each number of clients, another one with the first number. `--data-dir`
keeps the corpus and its index for the next run. Prints Markdown: p50 and p99 in ms; what is
measured is printed when it is stopped.
"""

import argparse
import http.client
import itertools
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.contenders import NEWSGRAPH, Contender, served
from benchmarks.footprint import disk_mb, memory_by_process
from benchmarks.searched_corpus import documents
from benchmarks.searches import PAGE, Kind, kinds
from benchmarks.stopping import until_stopped
from store.connection import connect_blocking
from store.embedded import embedded_mongod
from store.indexes import ensure_indexes
from store.writing.taxonomies import TaxonomyWriter

_FEWEST = 20
_LONGEST = 5  # times the seconds of a row, if it has not had so many queries by then
_PATIENCE = 20  # times the seconds of a row, to get to a deep page
_BATCH = 2_000


class Client:
    """A client with a connection of its own. Errors of GraphQL are raised."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)

    def ask(self, query: str, variables: dict[str, Any]) -> Any:
        """Return the data of a response."""
        body = json.dumps({"query": query, "variables": variables})
        headers = {"content-type": "application/json"}
        self._connection.request("POST", "/graphql", body, headers)
        answer = json.loads(self._connection.getresponse().read())
        if answer.get("errors"):
            raise RuntimeError(answer["errors"][0]["message"])
        return answer["data"]


def measure(port: int, kind: Kind, clients: int, seconds: float) -> list[float]:
    """Return how long each query took, in ms, sorted."""
    turns = itertools.cycle(kind.variables)
    end = time.monotonic() + seconds
    last = end + (_LONGEST - 1) * seconds

    def run(client: Client) -> list[float]:
        took: list[float] = []
        while (now := time.monotonic()) < end or (len(took) < _FEWEST / clients and now < last):
            variables = next(turns)
            started = time.perf_counter()
            client.ask(kind.query, variables)
            took.append((time.perf_counter() - started) * 1_000)
        return took

    with ThreadPoolExecutor(clients) as pool:
        found = pool.map(run, [Client(port) for _ in range(clients)])
        return sorted(itertools.chain.from_iterable(found))


def _at_its_page(port: int, kind: Kind, seconds: float) -> Kind:
    """Return a kind with the cursor of its page. Raises RuntimeError if that takes too long."""
    client, (variables,) = Client(port), kind.variables
    variables, end = {**variables}, time.monotonic() + seconds
    for _ in range(kind.page - 1):
        if time.monotonic() > end:
            raise RuntimeError("too slow to get there")
        page = client.ask(kind.query, variables)["items"]["pageInfo"]
        if not page["hasNextPage"]:
            break
        variables["after"] = page["endCursor"]
    return kind._replace(variables=[variables])


def fill(uri: str, database: str, size: int, *, text: bool) -> None:
    """Fill a database, unless it has these items already; with MongoDB's text index or without."""
    with connect_blocking(uri) as client:
        target = client[database]
        if target["items"].estimated_document_count() == size:
            ensure_indexes(target, text=text)
            return
        client.drop_database(database)
        taxonomies: set[str] = set()
        items = documents(size)
        while batch := list(itertools.islice(items, _BATCH)):
            target["items"].insert_many(batch, ordered=False)
            for one in batch:
                taxonomies.add(one["provider"]["id"])
                taxonomies.update(link["id"] for link in one["topics"] + one["authors"])
        ensure_indexes(target, text=text)
        TaxonomyWriter(target).recompute(taxonomies)
        target["meta"].update_one({"_id": "corpus"}, {"$set": {"version": 1}}, upsert=True)


def wait_until_searchable(port: int, patience_s: float) -> None:
    """Wait until searches are answered. Raises RuntimeError after that."""
    client, started = Client(port), time.monotonic()
    while True:
        try:
            client.ask(PAGE, {"filter": {"search": "the"}})
        except RuntimeError:
            if time.monotonic() - started > patience_s:
                raise
            time.sleep(0.2)
        else:
            return


def main() -> None:
    """Run all rows and print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--items", type=int, default=20_000)
    arguments.add_argument("--backend", nargs="+", default=["tantivy"])
    arguments.add_argument("--clients", type=int, nargs="+", default=[1, 8])
    arguments.add_argument("--seconds", type=float, default=1.0)
    arguments.add_argument("--only", help="rows whose names contain this")
    arguments.add_argument("--data-dir", type=Path)
    options = arguments.parse_args()
    rows: dict[str, list[str]] = {}
    notes: list[str] = []
    columns = [(b, clients) for b in options.backend for clients in _clients(options, b)]
    with until_stopped(), ExitStack() as stack:
        folder = options.data_dir or Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="newsgraph-bench-"))
        )
        uri = stack.enter_context(embedded_mongod(folder))
        fill(uri, _database(options), options.items, text="mongodb" in options.backend)
        notes.extend(
            _measure_backend(backend, uri, folder, options, rows) for backend in options.backend
        )
    print(markdown(columns, rows))
    print("\n" + "; ".join(notes) + f"; {options.items:,} items.")


def _database(options: argparse.Namespace) -> str:
    return f"searching_{options.items}"


def _clients(options: argparse.Namespace, backend: str) -> list[int]:
    return list(options.clients if backend == options.backend[0] else options.clients[:1])


def _measure_backend(
    backend: str, uri: str, folder: Path, options: argparse.Namespace, rows: dict[str, list[str]]
) -> str:
    """Add the columns of a backend to the rows; return a note about its server."""
    environment = {
        "NEWSGRAPH_SEARCH": backend,
        "NEWSGRAPH_DATA_DIR": str(folder),
        "NEWSGRAPH_CACHE_MB": "0",
        "NEWSGRAPH_MAX_COST": "1000000",
    }
    server = Contender(backend, tuple(NEWSGRAPH), tuple(environment.items()))
    started = time.monotonic()
    with served(server, uri, _database(options)) as (port, worker):
        wait_until_searchable(port, 1_800)
        waited = time.monotonic() - started
        print(f"{backend}: searchable after {waited:.0f} s", file=sys.stderr)
        for kind in kinds(options.items):
            if options.only and options.only not in kind.name:
                continue
            for clients in _clients(options, backend):
                rows.setdefault(kind.name, []).append(_cell(port, kind, clients, options))
            print(kind.name, rows[kind.name], file=sys.stderr)
        return (
            f"{backend}: searchable {waited:.0f} s after the start, {_memory(worker, folder)}"
            + (f", index of {disk_mb(folder / 'search'):.0f} MB" if backend == "tantivy" else "")
        )


def _memory(worker: int, folder: Path) -> str:
    found = memory_by_process(worker, folder)
    return ", ".join(f"{name} {memory}" for name, memory in found.items())


def _cell(port: int, kind: Kind, clients: int, options: argparse.Namespace) -> str:
    try:
        if kind.page > 1:
            kind = _at_its_page(port, kind, _PATIENCE * options.seconds)
        took = measure(port, kind, clients, options.seconds)
    except RuntimeError as error:
        return f"({str(error).partition(',')[0]})"
    p50, p99 = took[len(took) // 2], took[min(int(len(took) * 0.99), len(took) - 1)]
    return f"{p50:.1f} / {p99:.1f}"


def markdown(columns: Sequence[tuple[str, int]], rows: dict[str, list[str]]) -> str:
    """Return the table."""
    heads = [f"{backend}, {clients} client{'s' * (clients > 1)}" for backend, clients in columns]
    lines = [f"| query | {' | '.join(heads)} |", f"|---|{'--:|' * len(heads)}"]
    lines += [f"| {name} | {' | '.join(cells)} |" for name, cells in rows.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
