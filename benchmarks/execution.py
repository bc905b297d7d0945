"""The executor alone: a front page from documents in memory, without database or HTTP.

    python -m benchmarks.execution [ROUNDS]

Both executors and a hand-written assembly of the same response take turns in one process. Times
are the medians of many rounds, in milliseconds of CPU for one response.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Annotated, Any

import orjson
import strawberry
from graphql import DocumentNode, execute, parse
from strawberry.execution import optimized_is_awaitable
from strawberry.types import Info

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.stopping import until_stopped
from schema.execution.batched import batched
from schema.execution.depth_first import DepthFirstExecutor
from schema.execution.documents import DictObject, document_field
from schema.execution.executor import BreadthFirstExecutor
from schema.scalars import SCALARS, URL, format_date_time

Document = dict[str, Any]

QUERY = """
{
  items(first: 20) {
    id title excerpt type webUrl publishedDateTime quality heat
    provider { name domain images { url width height } }
    images { url width height title isCached }
    related(first: 3) {
      title excerpt type webUrl publishedDateTime
      provider { name domain images { url } }
      images { url width height }
      item { id title publishedDateTime }
    }
  }
}
"""


@strawberry.interface
class Node:
    """An object with an id."""

    id: strawberry.ID = document_field(description="Its id.", key=("_id", "id"))


@strawberry.type
class Image:
    """A picture."""

    url: URL = document_field(description="Where it is.")
    width: int | None = document_field(description="Width in pixels.")
    height: int | None = document_field(description="Height in pixels.")
    title: str | None = document_field(description="What it shows.")
    is_cached: bool = document_field(description="Whether there is a copy.")


@strawberry.type
class Provider(DictObject, Node):
    """A publisher."""

    name: str = document_field(description="Its name.")
    domain: str = document_field(description="Its domain.")
    images: list[Image] = document_field(description="Its logos.")


def providers(parents: Sequence[Document], _info: Info) -> list[Document]:
    """Return the providers, as one call to a database would."""
    return [PROVIDERS[parent["provider"]] for parent in parents]


async def linked(parents: Sequence[Document], _info: Info) -> list[Document | None]:
    """Return the linked items."""
    return [ITEMS.get(parent["ref"]) for parent in parents]


def first_related(parents: Sequence[Document], _info: Info, first: int) -> list[list[Document]]:
    """Return the first related entries of each item."""
    return [parent["related"][:first] for parent in parents]


async def newest(parents: Sequence[None], _info: Info, first: int) -> list[list[Document]]:
    """Return the first items."""
    return [list(ITEMS.values())[:first]] * len(parents)


@strawberry.type
class RelatedItem:
    """A related entry."""

    title: str = document_field(description="The headline.")
    excerpt: str | None = document_field(description="The first words.")
    type: str | None = document_field(description="What it is.")
    web_url: URL | None = document_field(description="Where it is.")
    published_date_time: datetime | None = document_field(description="When.")
    provider: Provider = batched(description="Who published it.")(providers)
    images: list[Image] = document_field(description="Its pictures.")
    item: Annotated["Item", strawberry.lazy(__name__)] | None = batched(
        description="The item itself."
    )(linked)


@strawberry.type
class Item(RelatedItem, DictObject, Node):
    """An item."""

    quality: int | None = document_field(description="How good.")
    heat: int | None = document_field(description="How hot.")
    related: list[RelatedItem] = batched(description="Its links.")(first_related)


@strawberry.type
class Query:
    """The root."""

    items: list[Item] = batched(description="The newest items.")(newest)


def image(n: int) -> Document:
    """Make a picture; every third has no title."""
    found = {"url": f"https://cdn.example.com/pictures/{n:08d}.jpg", "isCached": n % 2 == 0}
    if n % 3:
        found["title"] = f"A picture of thing number {n}"
    return {**found, "width": 1200, "height": 675}


def entry(n: int) -> Document:
    """Make the fields that items and related entries share."""
    found: Document = {
        "title": f"A headline about thing number {n}, of the usual length",
        "type": "article",
        "webUrl": f"https://www.example{n % 7}.com/news/2026/02/a-headline-about-thing-{n}",
        "publishedDateTime": datetime(2026, 2, 28, tzinfo=UTC) - timedelta(minutes=n),
        "provider": f"provider:example{n % 7}.com",
        "images": [image(n)],
    }
    if n % 4:
        found["excerpt"] = f"What happened to thing number {n}, in some ninety characters of text."
    return found


PROVIDERS: dict[str, Document] = {
    f"provider:example{n}.com": {
        "_id": f"provider:example{n}.com",
        "name": f"Example {n}",
        "domain": f"example{n}.com",
        "images": [image(n)],
    }
    for n in range(7)
}
ITEMS: dict[str, Document] = {
    f"item:{n:04d}": {
        **entry(n),
        "_id": f"item:{n:04d}",
        "quality": n % 100,
        "related": [{**entry(n + k), "ref": f"item:{(n + 7 * k) % 150:04d}"} for k in range(5)],
    }
    for n in range(100)
}


def by_hand() -> Document:
    """Build the same response without GraphQL."""

    def picture(given: Document) -> Document:
        return {"url": given["url"], "width": given.get("width"), "height": given.get("height")}

    def date(given: Document) -> str | None:
        found = given.get("publishedDateTime")
        return None if found is None else format_date_time(found)

    def link(given: Document) -> Document:
        provider, item = PROVIDERS[given["provider"]], ITEMS.get(given["ref"])
        return {
            "title": given["title"],
            "excerpt": given.get("excerpt"),
            "type": given.get("type"),
            "webUrl": given.get("webUrl"),
            "publishedDateTime": date(given),
            "provider": {
                "name": provider["name"],
                "domain": provider["domain"],
                "images": [{"url": picture["url"]} for picture in provider["images"]],
            },
            "images": [picture(one) for one in given["images"]],
            "item": item
            and {"id": item["_id"], "title": item["title"], "publishedDateTime": date(item)},
        }

    def whole(given: Document) -> Document:
        provider = PROVIDERS[given["provider"]]
        return {
            "id": given["_id"],
            "title": given["title"],
            "excerpt": given.get("excerpt"),
            "type": given.get("type"),
            "webUrl": given.get("webUrl"),
            "publishedDateTime": date(given),
            "quality": given.get("quality"),
            "heat": given.get("heat"),
            "provider": {
                "name": provider["name"],
                "domain": provider["domain"],
                "images": [picture(one) for one in provider["images"]],
            },
            "images": [
                {**picture(one), "title": one.get("title"), "isCached": one["isCached"]}
                for one in given["images"]
            ],
            "related": [link(one) for one in given["related"][:3]],
        }

    return {"items": [whole(one) for one in list(ITEMS.values())[:20]]}


def schema_with(executor: type[DepthFirstExecutor]) -> strawberry.Schema:
    """Make the schema with an executor."""
    config = strawberry.schema.config.StrawberryConfig(scalar_map=dict(SCALARS))
    return strawberry.Schema(query=Query, execution_context_class=executor, config=config)


async def main(rounds: int) -> None:
    """Measure, and print a table."""
    breadth, core = schema_with(BreadthFirstExecutor), schema_with(DepthFirstExecutor)
    document = parse(QUERY)

    is_awaitable: Any = optimized_is_awaitable  # what Strawberry passes, without its TypeGuard

    async def alone(schema: strawberry.Schema, document: DocumentNode) -> Any:
        result: Any = execute(
            schema._schema,
            document,
            executor_class=schema.execution_context_class,
            is_awaitable=is_awaitable,
        )
        return (await result).data

    async def hand() -> Any:
        return by_hand()

    contenders: dict[str, Callable[[], Awaitable[Any]]] = {
        "by hand": hand,
        "breadth-first": lambda: alone(breadth, document),
        "graphql-core": lambda: alone(core, document),
    }
    responses = {name: await call() for name, call in contenders.items()}
    assert responses["by hand"] == responses["breadth-first"] == responses["graphql-core"]
    size = len(orjson.dumps({"data": responses["by hand"]}))

    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, call in contenders.items():
            repeats = 1 if name == "graphql-core" else 10
            start = time.process_time()
            for _ in range(repeats):
                await call()
            times[name].append((time.process_time() - start) / repeats * 1000)
    floor = median(times["by hand"])
    print(
        f"Front page of 20, {size / 1024:.0f} KB of JSON; CPU time, medians of {rounds} rounds.\n"
    )
    print("| | ms | against by hand |\n|---|--:|--:|")
    for name, taken in times.items():
        print(f"| {name} | {median(taken):.3f} | {median(taken) / floor:.1f}x |")
    ratio = median(times["graphql-core"]) / median(times["breadth-first"])
    print(f"\nBreadth-first is {ratio:.1f} times as fast as graphql-core.")


if __name__ == "__main__":
    with until_stopped():
        asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50))
