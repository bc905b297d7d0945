"""Loads with a search index beside MongoDB, and with MongoDB's own: how fast, and found when.

    .venv/bin/python -m benchmarks.following [--items 20000] [--files 20000] [--rounds 10]

Loads `--files` files into an empty database. Then fills a corpus of `--items`, starts a server, and
loads one new file and 1,000 new files, `--rounds` and three times: each time, searches are sent
until they find all of them. Prints Markdown. At 20,000 items it takes 3 minutes; at 200,000, 8.
"""

import argparse
import itertools
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.contenders import NEWSGRAPH, Contender, served
from benchmarks.footprint import disk_mb, memory_by_process
from benchmarks.loading_files import item, write
from benchmarks.searching import Client, fill, wait_until_searchable
from benchmarks.stopping import until_stopped
from loaders.load import load
from loaders.options import Options
from store.connection import connect_blocking
from store.embedded import embedded_mongod
from store.indexes import TEXT_INDEX

_BACKENDS = ("tantivy", "mongodb")
_MANY = 1_000
_ROUNDS_OF_MANY = 3
_FOUND = "query($word: String!) { items(filter: { search: $word }) { totalCount } }"


class Site:
    """A folder of files with a word that no file had before, and the database that they go into."""

    def __init__(self, folder: Path, uri: str, database: str, backend: str) -> None:
        self._folder, self._uri, self._database = folder, uri, database
        self._options = Options(text_index=backend == "mongodb")
        self._numbers = itertools.count(10**6)

    def load(self, folder: Path) -> float:
        """Load files; return how many seconds that took."""
        started = time.monotonic()
        report = load([str(folder)], uri=self._uri, database=self._database, options=self._options)
        assert not report.failed, report
        return time.monotonic() - started

    def load_new(self, count: int, client: Client) -> tuple[float, float]:
        """Load new files; return the seconds that took, and those until searches found them."""
        numbers = list(itertools.islice(self._numbers, count))
        word = f"needle{numbers[0]}"
        folder = self._folder / word
        folder.mkdir(parents=True)
        for number in numbers:
            text = item(number, 10**6).replace('\ntitle: "', f'\ntitle: "{word} ', 1)
            text = text.replace("\npublished: false", "\npublished: true")
            (folder / f"{number}.md").write_text(text, encoding="utf-8")
        took = self.load(folder)
        ended = time.monotonic()
        while client.ask(_FOUND, {"word": word})["items"]["totalCount"] < count:
            time.sleep(0.005)
        return took, time.monotonic() - ended


def rows(options: argparse.Namespace, folder: Path, uri: str, backend: str) -> Iterator[Any]:
    """Measure a backend; yield names and cells."""
    content = folder / "content"
    if not content.exists():
        write(content, options.files)
    cold = Site(folder, uri, f"cold_{backend}", backend).load(content)
    yield f"cold load of {options.files:,} files, files/s", f"{options.files / cold:,.0f}"
    with connect_blocking(uri) as mongo:
        mongo.drop_database(f"cold_{backend}")

    database = f"following_{backend}"
    fill(uri, database, options.items, text=backend == "mongodb")
    site = Site(folder / backend, uri, database, backend)
    site.load(_one_file(folder))  # which makes and drops indexes
    environment = {"NEWSGRAPH_SEARCH": backend, "NEWSGRAPH_DATA_DIR": str(folder)}
    environment |= {"NEWSGRAPH_CACHE_MB": "0"}
    server = Contender(backend, tuple(NEWSGRAPH), tuple(environment.items()))
    started = time.monotonic()
    with served(server, uri, database) as (port, worker):
        wait_until_searchable(port, 1_800)
        yield (
            f"{options.items:,} items searchable after the start of a server, s",
            f"{time.monotonic() - started:.1f}",
        )
        client = Client(port)
        ones = [site.load_new(1, client) for _ in range(options.rounds)]
        many = [site.load_new(_MANY, client) for _ in range(_ROUNDS_OF_MANY)]
        into = f"into {options.items:,} items"
        yield f"1,000 new files {into}, files/s", _rates([took for took, _ in many])
        yield "1 file searchable after its load, s", _seconds([after for _, after in ones])
        yield "1,000 files searchable after their load, s", _seconds([after for _, after in many])
        memory = memory_by_process(worker, folder)
        for name in ("worker", "follower", "mongod"):
            yield f"memory of the {name}, own + mapped files", str(memory.get(name, "-"))
        size = disk_mb(folder / "search" / database)
        yield "search index on disk", f"{size:.0f} MB" if size else _text_index_mb(uri, database)


def _text_index_mb(uri: str, database: str) -> str:
    with connect_blocking(uri) as mongo:
        sizes = mongo[database].command("collStats", "items")["indexSizes"]
    return f"{sum(size for name, size in sizes.items() if name == TEXT_INDEX) / 1e6:.0f} MB"


def _one_file(folder: Path) -> Path:
    path = folder / "one"
    path.mkdir(exist_ok=True)
    (path / "one.md").write_text(item(0, 1), encoding="utf-8")
    return path


def _seconds(found: list[float]) -> str:
    return f"{statistics.median(found):.2f} (worst of {len(found)}: {max(found):.2f})"


def _rates(found: list[float]) -> str:
    best, worst = _MANY / min(found), _MANY / max(found)
    return f"{worst:,.0f} to {best:,.0f}"


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--items", type=int, default=20_000)
    arguments.add_argument("--files", type=int, default=20_000)
    arguments.add_argument("--rounds", type=int, default=10)
    options = arguments.parse_args()
    cells: dict[str, list[str]] = {}
    with until_stopped(), ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="newsgraph-bench-")))
        uri = stack.enter_context(embedded_mongod(folder))
        for backend in _BACKENDS:
            for name, cell in rows(options, folder, uri, backend):
                cells.setdefault(name, []).append(cell)
                print(backend, name, cell, file=sys.stderr)
    print(f"| | {' | '.join(_BACKENDS)} |\n|---|{'--:|' * len(_BACKENDS)}")
    for name, row in cells.items():
        print(f"| {name} | {' | '.join(row)} |")


if __name__ == "__main__":
    main()
