"""Searches, counts and facets over HTTP, one worker, without the response cache.

    .venv/bin/python -m benchmarks.searching [--items 20000] [--backend tantivy mongodb]
        [--clients 1 8] [--data-dir DIR]

Fills a corpus, starts a server, waits for its index, and sends each kind of query again and again:
`--seconds` long, and no less than 20 of them. `--data-dir` keeps the corpus and its index for the
next run. Prints Markdown: p50 and p99 in ms; what is measured is printed when it is stopped. At
20,000 items it takes 2 minutes; at 200,000, 10; at 1,000,000, 40, most of it to fill the corpus.
"""

import argparse
import http.client
import itertools
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.contenders import NEWSGRAPH, Contender, served
from benchmarks.searched_corpus import classes, document, documents
from benchmarks.stopping import until_stopped
from store.connection import connect_blocking
from store.embedded import embedded_mongod
from store.indexes import ensure_indexes
from store.writing.taxonomies import TaxonomyWriter

_PAGE = """query($filter: ItemFilter, $order: ItemOrder! = NEWEST, $after: String) {
  items(filter: $filter, orderBy: $order, first: 20, after: $after) {
    nodes { id title excerpt } pageInfo { hasNextPage endCursor } } }"""
_COUNT = "query($filter: ItemFilter) { items(filter: $filter) { totalCount } }"
_FACETS = """query($filter: ItemFilter) { items(filter: $filter) { facets {
  categories { count } types { count } topics { count }
  providers { count } months { count } } } }"""
_SUGGEST = "query($prefix: String!) { suggest(prefix: $prefix, first: 10) { __typename } }"
_FEWEST = 20
_BATCH = 2_000


class Kind(NamedTuple):
    """A row: a query, and variables that are sent in turn."""

    name: str
    query: str
    variables: list[dict[str, Any]]


def kinds(size: int) -> Iterator[Kind]:
    """Yield the rows; the words are those of a corpus of a size."""
    rare, mid, common = classes(size)
    two = [f"{one} {other}" for one, other in itertools.permutations(common, 2)]
    middling = [f"{one} {other}" for one, other in itertools.pairwise(mid)]
    mixed = [f"{one} {other}" for one, other in zip(itertools.cycle(common), mid, strict=False)]
    phrases = [f'"{" ".join(document(n)["excerpt"].split()[3:6])}"' for n in range(100)]

    def page(name: str, searches: Sequence[str], order: str = "NEWEST", **more: Any) -> Kind:
        filters = [{"filter": {"search": text, **more}, "order": order} for text in searches]
        return Kind(name, _PAGE, filters)

    def on(name: str, query: str, searches: Sequence[str]) -> Kind:
        return Kind(name, query, [{"filter": {"search": text}} for text in searches])

    yield page("rare, NEWEST", rare)
    yield page("mid, NEWEST", mid)
    yield page("common, NEWEST", common)
    yield page("common, RELEVANCE", common, "RELEVANCE")
    yield page("common + common, NEWEST", two)
    yield page("common + rare, NEWEST", [f"{common[0]} {word}" for word in rare])
    yield page("common + mid, NEWEST", mixed)
    yield page("mid + mid, NEWEST", middling)
    yield page("common + mid, RELEVANCE", mixed, "RELEVANCE")
    yield page("phrase out of an excerpt, NEWEST", phrases)
    yield page("two common words side by side", [f'"{text}"' for text in two])
    yield page("common + big category, NEWEST", common, categories=["news"])
    yield page("common + provider, NEWEST", common, providers=["paper1.example"])
    month = {"publishedAfter": "2024-03-01T00:00:00Z", "publishedBefore": "2024-04-01T00:00:00Z"}
    yield page("common + one month, NEWEST", common, **month)
    yield page("mid + small category, NEWEST", mid, categories=["opinion"])
    yield page("common, HOTTEST", common, "HOTTEST")
    yield page("typo of one edit, NEWEST", [_with_typo(text) for text in mid])
    yield page("beginning of a word, NEWEST", [text[:3] for text in mid])
    yield on("common, count", _COUNT, common)
    yield on("common + common, count", _COUNT, two)
    yield on("common, five facets", _FACETS, common)
    yield on("common + mid, five facets", _FACETS, mixed)
    both = {"categories": ["news"], "types": ["article"]}
    yield Kind("category and type, count", _COUNT, [{"filter": both}])
    yield Kind("category and type, five facets", _FACETS, [{"filter": both}])
    yield Kind("everything, count", _COUNT, [{"filter": {}}])
    yield Kind("everything, five facets", _FACETS, [{"filter": {}}])
    two_labels = {"filter": {**both, "providers": ["paper390.example"]}, "order": "BEST"}
    yield Kind("three labels, BEST", _PAGE, [two_labels])
    yield Kind("suggest, 3 letters", _SUGGEST, [{"prefix": text[:3]} for text in mid])


def _with_typo(word: str) -> str:
    """Return a word with two letters swapped, which are different in these words."""
    return f"{word[0]}{word[2]}{word[1]}{word[3:]}"


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

    def run(client: Client) -> list[float]:
        took: list[float] = []
        while time.monotonic() < end or len(took) < _FEWEST / clients:
            variables = next(turns)
            started = time.perf_counter()
            client.ask(kind.query, variables)
            took.append((time.perf_counter() - started) * 1_000)
        return took

    with ThreadPoolExecutor(clients) as pool:
        found = pool.map(run, [Client(port) for _ in range(clients)])
        return sorted(itertools.chain.from_iterable(found))


def deep(port: int, name: str, search: str, order: str) -> Kind:
    """Return the row of the fiftieth page of a search."""
    client, variables = Client(port), {"filter": {"search": search}, "order": order}
    for _ in range(49):
        page = client.ask(_PAGE, variables)["items"]["pageInfo"]
        if not page["hasNextPage"]:
            break
        variables["after"] = page["endCursor"]
    return Kind(name, _PAGE, [variables])


def fill(uri: str, database: str, size: int) -> None:
    """Fill a database, unless it has these items already."""
    with connect_blocking(uri) as client:
        target = client[database]
        if target["items"].estimated_document_count() == size:
            return
        client.drop_database(database)
        taxonomies: set[str] = set()
        items = documents(size)
        while batch := list(itertools.islice(items, _BATCH)):
            target["items"].insert_many(batch, ordered=False)
            for one in batch:
                taxonomies.add(one["provider"]["id"])
                taxonomies.update(link["id"] for link in one["topics"] + one["authors"])
        ensure_indexes(target)
        TaxonomyWriter(target).recompute(taxonomies)
        target["meta"].update_one({"_id": "corpus"}, {"$set": {"version": 1}}, upsert=True)


def wait_until_searchable(port: int, patience_s: float) -> float:
    """Wait until searches are answered; return for how long. Raises RuntimeError after that."""
    client, started = Client(port), time.monotonic()
    while True:
        try:
            client.ask(_PAGE, {"filter": {"search": "the"}})
        except RuntimeError:
            if time.monotonic() - started > patience_s:
                raise
            time.sleep(0.2)
        else:
            return time.monotonic() - started


def memory(pid: int) -> str:
    """Return the memory of a process; files that it maps, as the index, are shared by all."""
    status = dict(
        line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines()
    )
    own, files = (int(status[name].split()[0]) // 1024 for name in ("RssAnon", "RssFile"))
    return f"worker of {own} MB and {files} MB of mapped files"


def disk_mb(folder: Path) -> float:
    """Return the megabytes of the files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


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
    columns = [(backend, clients) for backend in options.backend for clients in options.clients]
    with until_stopped(), ExitStack() as stack:
        folder = options.data_dir or Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="newsgraph-bench-"))
        )
        uri = stack.enter_context(embedded_mongod(folder))
        database = f"searching_{options.items}"
        fill(uri, database, options.items)
        for backend in options.backend:
            environment = {
                "NEWSGRAPH_SEARCH": backend,
                "NEWSGRAPH_DATA_DIR": str(folder),
                "NEWSGRAPH_CACHE_MB": "0",
                "NEWSGRAPH_MAX_COST": "1000000",
            }
            server = Contender(backend, tuple(NEWSGRAPH), tuple(environment.items()))
            port, worker = stack.enter_context(served(server, uri, database))
            waited = wait_until_searchable(port, 1_800)
            print(f"{backend}: searchable after {waited:.0f} s", file=sys.stderr)
            common = classes(options.items).common[0]
            deep_pages = [
                deep(port, f"common, {order}, page 50", common, order)
                for order in ("NEWEST", "RELEVANCE")
            ]
            for kind in [*kinds(options.items), *deep_pages]:
                if options.only and options.only not in kind.name:
                    continue
                for clients in options.clients:
                    rows.setdefault(kind.name, []).append(_cell(port, kind, clients, options))
                print(kind.name, rows[kind.name], file=sys.stderr)
            notes.append(
                f"{backend}: searchable {waited:.0f} s after the start, {memory(worker)}, "
                f"index of {disk_mb(folder / 'search'):.0f} MB on disk"
            )
    print(markdown(columns, rows))
    print("\n" + "; ".join(notes) + f"; {options.items:,} items.")


def _cell(port: int, kind: Kind, clients: int, options: argparse.Namespace) -> str:
    try:
        took = measure(port, kind, clients, options.seconds)
    except RuntimeError as error:
        return f"({str(error)[:60]})"
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
