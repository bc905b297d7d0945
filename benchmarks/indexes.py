"""The cost of lists in a large corpus: index keys examined, documents returned, milliseconds.

    .venv/bin/python -m benchmarks.indexes [--items 200000] [--data-dir DIR]

Every filter, order and audience, lists under many parents, and pages at depth. Each query goes
through the whole schema; the command that it sends is then explained. Prints Markdown. With
`--data-dir` the corpus is kept there and reused. Exits with 1 if a list that an index should serve
examines more than twice as many keys as it returns documents.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.fill import fill
from benchmarks.stopping import until_stopped
from schema.cursors import Cursors
from store.audience import Audience
from store.embedded import embedded_mongod
from store.orders import ItemOrder
from store.reading.listing import Listing
from tests.schema.explained import work_of
from tests.schema.newsroom import Newsroom

DATABASE = "benchmark_indexes"
ORDERS = ("NEWEST", "OLDEST", "HOTTEST", "BEST")
SERVED: dict[str, dict[str, Any]] = {
    "everything": {},
    "category": {"categories": ["news"]},
    "two categories": {"categories": ["news", "learning"]},
    "type": {"types": ["video"]},
    "topic": {"topics": ["Topic 3"]},
    "provider": {"providers": ["paper7.example"]},
    "a picture": {"hasImage": True},
}
RANGES: dict[str, dict[str, Any]] = {
    "published in one month": {
        "publishedAfter": "2024-03-01T00:00:00Z",
        "publishedBefore": "2024-04-01T00:00:00Z",
    },
    "quality of 99": {"minQuality": 99},
    "quality of 50 and more": {"minQuality": 50},
    "heat of 190 and more": {"minHeat": 190},
    "category and type": {"categories": ["learning"], "types": ["video"]},
    "topic and provider": {"topics": ["Topic 3"], "providers": ["paper7.example"]},
    "no such provider, but a topic": {"topics": ["Topic 3"], "providers": ["none.example"]},
}
LIST = """
query ($filter: ItemFilter, $order: ItemOrder!, $after: String) {
  items(filter: $filter, orderBy: $order, after: $after) { nodes { title } }
}
"""
NESTED = {
    "20 providers, 3 items of each": (
        "{ providers { nodes { items(first: 3) { nodes { title } } } } }"
    ),
    "20 topics, 3 items of each": "{ topics { nodes { items(first: 3) { nodes { title } } } } }",
    "100 items, 3 back links of each": (
        "{ items(first: 100) { nodes { relatedBy(first: 3) { nodes { title } } } } }"
    ),
    "20 providers, 3 items of a category": (
        '{ providers { nodes { items(first: 3, filter: {categories: ["learning"]}) '
        "{ nodes { title } } } } }"
    ),
}
WHOLE = {
    "totalCount of everything": "{ items { totalCount } }",
    "totalCount of a category": '{ items(filter: {categories: ["news"]}) { totalCount } }',
    "one facet of everything": "{ items { facets { categories { count } } } }",
    "five facets of everything": (
        "{ items { facets { categories { count } types { count } topics { count } "
        "providers { count } months { count } } } }"
    ),
    "five facets of a provider": (
        '{ items(filter: {providers: ["paper7.example"]}) { facets { categories { count } '
        "types { count } topics { count } providers { count } months { count } } } }"
    ),
    "search of a word in four fifths of all": (
        '{ items(filter: {search: "turbine"}, orderBy: RELEVANCE) { nodes { title } } }'
    ),
    "search of a phrase of three such words": (
        r'{ items(filter: {search: "\"turbine market charter\""}, orderBy: RELEVANCE) '
        "{ nodes { title } } }"
    ),
}


class Bench:
    """Runs queries on one newsroom and prints their costs; `wasteful` has those above the limit."""

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom = newsroom
        self.wasteful: list[str] = []

    async def cost(self, query: str, audience: Audience, **variables: Any) -> tuple[int, int, str]:
        """Return the keys examined and items returned by a query's last command, and a cell."""
        times = []
        for _ in range(5):
            started = time.perf_counter()
            with self.newsroom.noted() as commands:
                data = await self.newsroom.ask(query, audience, **variables)
            times.append(time.perf_counter() - started)
        work = work_of(self.newsroom.database, commands[-1])
        returned = _titles(data)
        return work.keys, returned, f"{work.keys:,} / {returned} / {_ms(times)}"

    async def table(self, filters: dict[str, Any], *, served: bool) -> None:
        """Print a row for each filter and audience, with a cell for each order."""
        _print_header("filter", "audience", *ORDERS)
        for name, wanted in filters.items():
            for audience in Audience:
                cells = []
                for order in ORDERS:
                    keys, returned, cell = await self.cost(
                        LIST, audience, filter=wanted, order=order
                    )
                    cells.append(cell)
                    if served and keys > 2 * returned + 5:
                        self.wasteful.append(f"{name}, {order}, {audience}: {cell}")
                print("|", " | ".join((name, audience, *cells)), "|")

    async def queries(self, queries: dict[str, str]) -> None:
        """Print a row for each query, with a cell for each audience."""
        _print_header("query", *Audience)
        for name, query in queries.items():
            cells = [(await self.cost(query, audience))[2] for audience in Audience]
            print("|", " | ".join((name, *cells)), "|")

    async def depths(self, size: int) -> None:
        """Print the costs of pages far down a list; finding their cursors is not timed."""
        _print_header("after the entry", *ORDERS)
        for depth in (1, size // 200, size // 20, size // 2):
            cells = []
            for order in ORDERS:
                cursor = await self._cursor_at(depth, order)
                _, _, cell = await self.cost(LIST, Audience.PUBLIC, order=order, after=cursor)
                cells.append(cell)
            print("|", " | ".join((f"{depth:,}", *cells)), "|")

    async def _cursor_at(self, depth: int, order: str) -> str:
        key = f"sort.{order.lower()}"
        found = (
            self.newsroom.database["items"]
            .find({"labels": "*", "published": True}, {key: 1})
            .sort(key)
            .skip(depth - 1)
            .limit(1)
        )
        (entry,) = found
        listing = Listing(Audience.PUBLIC, order=ItemOrder(order.lower()))
        return Cursors(listing).of(entry)


def _print_header(*names: str) -> None:
    print("\n|", " | ".join(names), "|")
    print("|", " | ".join("---" for _ in names), "|")


def _titles(data: Any) -> int:
    if isinstance(data, dict):
        return sum(map(_titles, data.values())) + ("title" in data)
    return sum(map(_titles, data)) if isinstance(data, list) else 0


def _ms(times: list[float]) -> str:
    return f"{statistics.median(times) * 1000:.1f} ms"


async def _measure(uri: str, size: int) -> list[str]:
    newsroom = Newsroom(uri, DATABASE)
    bench = Bench(newsroom)
    print(f"{size:,} items. Cells: index keys examined / items returned / median of 5 runs.")
    print("\n#### Lists that an index serves in every order")
    await bench.table(SERVED, served=True)
    print("\n#### Pages at depth")
    await bench.depths(size)
    print("\n#### Ranges, and two labels at once")
    await bench.table(RANGES, served=False)
    print("\n#### Lists under many parents")
    await bench.queries(NESTED)
    print("\n#### Queries that have to read a whole list")
    await bench.queries(WHOLE)
    await newsroom.close()
    return bench.wasteful


def main() -> None:
    """Fill the database, measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--items", type=int, default=200_000)
    parser.add_argument("--data-dir", type=Path)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as temporary,
        embedded_mongod(options.data_dir or Path(temporary)) as uri,
    ):
        newsroom = Newsroom(uri, DATABASE)
        kept = newsroom.database["items"].estimated_document_count()
        newsroom.blocking.close()
        if kept != options.items:
            fill(uri, DATABASE, options.items)
        wasteful = asyncio.run(_measure(uri, options.items))
    if wasteful:
        sys.exit(
            "These lists examine more than twice as many keys as they return documents:\n"
            + "\n".join(wasteful)
        )


if __name__ == "__main__":
    with until_stopped():
        main()
