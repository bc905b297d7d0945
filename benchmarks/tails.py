"""The slowest of many responses: from the cache, of mixed queries, and while files are loaded.

    .venv/bin/python -m benchmarks.tails [--items 20000] [--rounds 3] [--seconds 3] [--files 500]

One worker. A response from the cache is compared with the same bytes from a bare Starlette endpoint
on the same server. Six queries are sent by turns, with the cache and without. For the last table,
`newsgraph load` loads folders of new files, one after another, into the corpus that is served: each
load empties the cache. Prints Markdown. Takes three minutes; needs `wrk`.
"""

import argparse
import itertools
import os
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from subprocess import DEVNULL, Popen

import httpx

from benchmarks.contenders import BARE, NEWSGRAPH, Contender, served
from benchmarks.fill import fill
from benchmarks.loading_files import item
from benchmarks.queries import PROVIDER_PAGE, QUERIES, Query
from benchmarks.serving import Servers, in_turn
from benchmarks.stopping import until_stopped
from benchmarks.wrk import Figures
from store.embedded import embedded_mongod

DATABASE = "tails"
CACHED = Contender("newsgraph, response cache on", tuple(NEWSGRAPH))
UNCACHED = Contender("newsgraph", tuple(NEWSGRAPH), (("NEWSGRAPH_CACHE_MB", "0"),))
FRONT_PAGE = QUERIES["front page of 20"]
MIX = (*QUERIES.values(), PROVIDER_PAGE)

Row = tuple[str, int, Figures | None]


def main() -> None:
    """Measure, and print the tables."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--items", type=int, default=20_000)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--seconds", type=int, default=3, help="minimum length of a round")
    arguments.add_argument("--connections", type=int, nargs="+", default=[1, 8, 64])
    arguments.add_argument("--files", type=int, default=500, help="new files of each load")
    options = arguments.parse_args()
    tables: dict[str, list[Row]] = {}

    def add(title: str, queries: Query | Sequence[Query], servers: Servers) -> None:
        rows = tables.setdefault(title, [])
        for connections in options.connections:
            found = in_turn(queries, servers, connections, options.rounds, options.seconds)
            rows += [(contender.name, connections, figures) for contender, figures in found.items()]

    with until_stopped(), ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="newsgraph-bench-")))
        uri = stack.enter_context(embedded_mongod(folder / "data"))
        fill(uri, DATABASE, options.items)
        cached = stack.enter_context(served(CACHED, uri, DATABASE))
        uncached = stack.enter_context(served(UNCACHED, uri, DATABASE))
        bare = stack.enter_context(served(bare_with(FRONT_PAGE, cached[0], folder), uri))
        add("The front page of 20 from the cache", FRONT_PAGE, {CACHED: cached, BARE: bare})
        add("Six queries by turns", MIX, {CACHED: cached, UNCACHED: uncached})
        with loading(uri, folder / "files", options.files) as loads:
            title = "The front page of 20 from the cache, while files are loaded"
            add(title, FRONT_PAGE, {CACHED: cached})
            print(f"\n{loads()} loads of {options.files} files", file=sys.stderr)
    print("\n" + markdown(tables, options.items))


def bare_with(query: Query, port: int, folder: Path) -> Contender:
    """Return the bare endpoint, with the bytes that newsgraph responds to a query with."""
    response = httpx.post(
        f"http://127.0.0.1:{port}/graphql", content=query.body, headers=query.headers
    )
    body = folder / "body.json"
    body.write_bytes(response.content)
    return Contender(BARE.name, BARE.command, (("BODY_FILE", str(body)),))


@contextmanager
def loading(uri: str, folder: Path, files: int) -> Iterator[Callable[[], int]]:
    """Load folders of new files, one after another; yields what returns the number of loads."""
    is_over = threading.Event()
    done = 0

    def run() -> None:
        nonlocal done
        for number in itertools.count():
            root = folder / str(number)
            root.mkdir(parents=True)
            for n in range(number * files, (number + 1) * files):
                (root / f"{n}.md").write_text(item(n, 1_000_000), encoding="utf-8")
            environment = os.environ | {
                "NEWSGRAPH_MONGODB_URI": uri,
                "NEWSGRAPH_DATABASE": DATABASE,
            }
            command = [NEWSGRAPH[0], "load", str(root)]
            with Popen(command, env=environment, stdout=DEVNULL, stderr=DEVNULL) as process:
                while process.poll() is None:
                    if is_over.wait(0.05):
                        process.terminate()
                        return
            if process.returncode:
                raise RuntimeError(f"`newsgraph load` exited with {process.returncode}")
            done += 1

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield lambda: done
    finally:
        is_over.set()
        thread.join()


def markdown(tables: dict[str, list[Row]], items: int) -> str:
    """Return the tables."""
    lines = [f"Corpus: {items:,} items. `CPU ms`: of the server's process, for each request.\n"]
    for title, rows in tables.items():
        lines += [f"### {title}\n"]
        lines += ["| | connections | requests/s | p50 ms | p99 ms | p99/p50 | CPU ms |"]
        lines += ["|---|--:|--:|--:|--:|--:|--:|"]
        for name, connections, f in rows:
            if f is None:
                lines.append(f"| {name} | {connections} | too slow | | | | |")
                continue
            lines.append(
                f"| {name} | {connections} | {f.rate:,.0f} | {f.p50_ms:.2f} | {f.p99_ms:.2f} "
                f"| {f.p99_ms / f.p50_ms:.1f} | {f.cpu_ms:.3f} |"
            )
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
