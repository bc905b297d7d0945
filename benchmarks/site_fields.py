"""A site's own fields: what they cost a front page, and what a changed site file loads again.

    .venv/bin/python -m benchmarks.site_fields [--items 5000] [--rounds 150]

Two databases hold the same files, loaded with and without a site file. The queries run in process,
without HTTP, in turns; the times are of the CPU, with the driver's. Prints Markdown.
"""

import argparse
import asyncio
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import strawberry

from benchmarks.loading_files import item
from benchmarks.queries import QUERIES
from benchmarks.stopping import until_stopped
from loaders.formats import SITE_FILE
from loaders.load import load
from loaders.options import Options
from schema.context import Context
from schema.schema import build_schema
from store.audience import Audience
from store.embedded import embedded_mongod
from store.reading.store import Store

_FIELDS = {
    "price": "{type: String, description: What it costs.}",
    "length": "String",
    "audio": "URL",
    "rating": "{type: {source: String, score: Float}}",
    "levels": '"[String!]"',
}
_SELECTED = "price length audio rating { source score } levels"
_LEVELS_EVERY = 20  # the others are in each file
_REQUESTS = 20  # in a round


class _Contender(NamedTuple):
    name: str
    store: Store
    schema: strawberry.Schema
    query: str


def _site(**changed: str) -> str:
    lines = [f"  {name}: {text}" for name, text in (_FIELDS | changed).items()]
    return "\n".join(("fields:", *lines, ""))


def _write(root: Path, total: int) -> None:
    for number in range(total):
        path = root / f"{number // 1000:04}" / f"{number:07}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        own = [
            f"price: {number % 90} pounds",
            f"length: {number % 50} minutes",
            f"audio: https://audio.example.com/{number}.mp3",
            f"rating: {{source: Readers, score: {number % 50 / 10}}}",
        ]
        if number % _LEVELS_EVERY == 0:
            own.append("levels: [Beginner, Advanced]")
        text = item(number, total)
        path.write_text(text.replace("---\n", "\n".join(("---", *own, "")), 1), encoding="utf-8")


async def _print_queries(uri: str, rounds: int) -> None:
    plain, site = (Store.connect(uri, name, timeout_s=30) for name in ("plain", "site"))
    fields = (await site.site()).fields
    query = QUERIES["front page of 20"]
    text = query.text
    contenders = [
        _Contender("no site file", plain, build_schema(), text),
        _Contender("five fields, none asked for", site, build_schema(site_fields=fields), text),
        _Contender(
            "all five asked for",
            site,
            build_schema(site_fields=fields),
            text.replace("id title", f"id title {_SELECTED}", 1),
        ),
    ]
    times: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    for number in range(rounds):
        turn = number % len(contenders)  # so that none always follows the same one
        for contender in contenders[turn:] + contenders[:turn]:
            times[contender.name].append(await _round(contender, query.variables))
    await plain.close()
    await site.close()
    base = min(times[contenders[0].name])
    print("| front page of 20 | ms | ratio |\n|---|--:|--:|")
    for name, taken in times.items():
        ms = min(taken)
        print(f"| {name} | {ms:.2f} | {ms / base:.2f} |")


async def _round(contender: _Contender, variables: dict[str, object]) -> float:
    started = time.process_time()
    for _ in range(_REQUESTS):
        context = Context(contender.store, Audience.PUBLIC)
        result = await contender.schema.execute(contender.query, variables, context_value=context)
        assert result.errors is None, result.errors
    return (time.process_time() - started) / _REQUESTS * 1000


def _print_changes(uri: str, root: Path) -> None:
    changes = {
        "nothing": _site(),
        "a description": _site(price="{type: String, description: Its price.}"),
        f"a filter by `levels`, which one file in {_LEVELS_EVERY} has": _site(
            price="{type: String, description: Its price.}",
            levels='{type: "[String!]", filter: true}',
        ),
        "a locale for all files": f"locale: en-gb\n{_site()}",
    }
    print("\n| change of the site file | files loaded again | of |\n|---|--:|--:|")
    for name, text in changes.items():
        (root / SITE_FILE).write_text(text, encoding="utf-8")
        report = load([str(root)], uri=uri, database="site", options=Options())
        total = report.updated + report.unchanged
        print(f"| {name} | {report.updated:,} | {total:,} |")


def main() -> None:
    """Load the corpora, measure, and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--items", type=int, default=5_000)
    arguments.add_argument("--rounds", type=int, default=150)
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder, embedded_mongod(Path(folder, "data")) as uri:
        root = Path(folder, "content")
        _write(root, options.items)
        load([str(root)], uri=uri, database="plain", options=Options())
        (root / SITE_FILE).write_text(_site(), encoding="utf-8")
        load([str(root)], uri=uri, database="site", options=Options())
        print(f"{options.items:,} items; best of {options.rounds} rounds in turns, CPU time.\n")
        asyncio.run(_print_queries(uri, options.rounds))
        _print_changes(uri, root)


if __name__ == "__main__":
    with until_stopped():
        main()
