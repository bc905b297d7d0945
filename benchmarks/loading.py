"""Loading: newsgraph compared with the obvious script and the floor, on one MongoDB.

    .venv/bin/python -m benchmarks.loading [--items 20000] [--many 200000] [--rounds 2]

The obvious script reads each file with python-frontmatter and writes it with one upsert. The floor
is libyaml parsing the same bytes on all cores, to events and to nodes. Each contender gets an empty
database with the same indexes. Prints Markdown.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import frontmatter
import yaml
from pymongo import MongoClient

from benchmarks.loading_files import item, write
from benchmarks.stopping import until_stopped
from loaders.front_matter import split
from loaders.yaml_nodes import compose
from store.documents import derive
from store.embedded import embedded_mongod
from store.ids import item_id, provider_id, topic_id
from store.indexes import ensure_indexes

CORES = len(os.sched_getaffinity(0))


class _Target:
    def __init__(self, uri: str) -> None:
        self.uri, self.name = uri, "benchmark"
        self.client: MongoClient[dict[str, Any]] = MongoClient(uri)
        self.database = self.client[self.name]


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--items", type=int, default=20_000)
    arguments.add_argument(
        "--many", type=int, default=200_000, help="items for the memory figure, or 0"
    )
    arguments.add_argument("--rounds", type=int, default=2)
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="newsgraph-") as folder, _database(folder) as target:
        content = Path(folder, "content")
        size = write(content, chosen.items)
        print(
            f"{chosen.items:,} items like the seed, {size / chosen.items / 1000:.1f} KB each, with "
            f"three related entries; {CORES} cores, shared with `mongod`. Contenders run in turn, "
            f"best of {chosen.rounds} rounds. Times include the start of the process, except for "
            "the floors.\n"
        )
        _print_speed(target, content, chosen.items, chosen.rounds)
        _print_one(target, content, chosen.items)
        if chosen.many:
            many = Path(folder, "many")
            write(many, chosen.many)
            _print_memory(target, {chosen.items: content, chosen.many: many})


def _print_speed(target: _Target, content: Path, items: int, rounds: int) -> None:
    contenders: dict[str, Callable[[], float]] = {
        "libyaml alone, all cores": lambda: _floor(content, _events),
        "libyaml to nodes, all cores": lambda: _floor(content, _nodes),
        "the obvious script": lambda: _obvious(target, content),
        "newsgraph load, cold": lambda: _load(target, content, empty=True),
        "newsgraph load, unchanged": lambda: _load(target, content, empty=False),
    }
    best: dict[str, float] = {}
    for _ in range(rounds):
        # In turn, so that a busy moment of the machine affects them all.
        for name, run in contenders.items():
            best[name] = min(best.get(name, 1e9), run())
    obvious = best["the obvious script"]
    print("| | seconds | files/s | compared with the obvious script |\n|---|--:|--:|--:|")
    for name, seconds in best.items():
        print(f"| {name} | {seconds:.2f} | {items / seconds:,.0f} | {obvious / seconds:.1f}x |")
    cold = best["newsgraph load, cold"]
    print(
        f"\n- The cold load reaches {best['libyaml alone, all cores'] / cold:.0%} of the speed of "
        f"libyaml alone, {best['libyaml to nodes, all cores'] / cold:.0%} of libyaml to nodes."
    )
    faster = cold / best["newsgraph load, unchanged"]
    print(f"- An unchanged load is {faster:.1f} times as fast as a cold one.")


def _print_one(target: _Target, content: Path, items: int) -> None:
    changed = content / "0000" / "0000007.md"
    seconds = []
    for number in range(5):
        text = item(7, items).replace("\ntitle: ", f"\nlocale: en-{number}\ntitle: ", 1)
        changed.write_text(text, encoding="utf-8")
        seconds.append(_run(target, str(changed))[0])
    print(
        f"- One changed file of {items:,}: {min(seconds):.2f} s at best of five, "
        f"{max(seconds):.2f} s at worst, start and end of the command included.\n"
    )


def _print_memory(target: _Target, corpora: dict[int, Path]) -> None:
    print("| items | peak memory of all processes | cold, seconds |\n|--:|--:|--:|")
    least = None
    for items, content in corpora.items():
        _empty(target)
        seconds, peak = _run(target, str(content))
        least = least or peak
        ratio = f"{peak / 2**20:.0f} MB ({peak / least:.2f}x)"
        print(f"| {items:,} | {ratio} | {seconds:.1f} |")


def _load(target: _Target, content: Path, *, empty: bool) -> float:
    if empty:
        _empty(target)
    return _run(target, str(content))[0]


def _run(target: _Target, *arguments: str) -> tuple[float, int]:
    """Run `newsgraph load`; returns its duration in seconds and its peak memory in bytes."""
    started = time.monotonic()
    environment = os.environ | {
        "NEWSGRAPH_MONGODB_URI": target.uri,
        "NEWSGRAPH_DATABASE": target.name,
    }
    command = [str(Path(sys.executable).with_name("newsgraph")), "load", *arguments, "--json"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as process:
        peak = 0
        while process.poll() is None:
            peak = max(peak, sum(map(_memory, _family(process.pid))))
            time.sleep(0.01 if peak == 0 else 0.1)
        seconds = time.monotonic() - started
        assert process.stdout
        report = json.loads(process.stdout.read())
    assert report["failed"] == 0, report
    return seconds, peak


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _family(int(child))
    except OSError:
        return


def _memory(pid: int) -> int:
    """Return a process's proportional set size in bytes; 0 if it has ended."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next(
        (int(line.split()[1]) * 1024 for line in rollup.splitlines() if line.startswith("Pss:")), 0
    )


def _obvious(target: _Target, content: Path) -> float:
    """Load with a loop, a parser and upserts; returns seconds."""
    _empty(target)
    ensure_indexes(target.database)
    items = target.database["items"]
    started = time.monotonic()
    for path in sorted(content.rglob("*.md")):
        post = frontmatter.load(str(path))
        document = _document(post.metadata, post.content, str(path.relative_to(content)))
        items.update_one({"_id": document["_id"]}, {"$set": document}, upsert=True)
    return time.monotonic() - started


def _document(data: dict[str, Any], body: str, path: str) -> dict[str, Any]:
    """Return a document with the keys that the same indexes and queries need, and no others."""
    provider = data["provider"]
    related = [
        {
            **entry,
            "ref": item_id(entry["webUrl"]),
            "provider": {"id": provider_id(entry["provider"]["domain"]), **entry["provider"]},
        }
        for entry in data["related"]
    ]
    document = {
        **data,
        "_id": item_id(data["webUrl"]),
        "path": path,
        "body": body,
        "provider": {"id": provider_id(provider["domain"]), **provider},
        "topics": [{"id": topic_id(name), "name": name} for name in data["topics"]],
        "related": related,
    }
    return derive(document)


def _floor(content: Path, parse: Callable[[list[str]], None]) -> float:
    paths = sorted(map(str, content.rglob("*.md")))
    parts = [paths[start : start + 250] for start in range(0, len(paths), 250)]
    with ProcessPoolExecutor(CORES) as pool:
        list(pool.map(_events, parts[:CORES]))  # start the processes first
        started = time.monotonic()
        list(pool.map(parse, parts))
        return time.monotonic() - started


def _events(paths: list[str]) -> None:
    for path in paths:
        yaml.CBaseLoader(_front_matter(path)).raw_parse()


def _nodes(paths: list[str]) -> None:
    for path in paths:
        compose(_front_matter(path))


def _front_matter(path: str) -> str:
    parts = split(Path(path).read_text(encoding="utf-8"))
    assert parts
    return parts.text


def _empty(target: _Target) -> None:
    target.client.drop_database(target.name)


@contextmanager
def _database(folder: str) -> Iterator[_Target]:
    with embedded_mongod(Path(folder, "data")) as uri:
        yield _Target(uri)


if __name__ == "__main__":
    with until_stopped():
        main()
