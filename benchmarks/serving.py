"""Serving: newsgraph, its reference executor, its peers and the floor, on one MongoDB.

    .venv/bin/python -m benchmarks.serving [--items 20000] [--rounds 3] [--seconds 2] [--json FILE]

Every contender is one process with one worker, in production mode, with caches off unless its name
says otherwise. Their responses are compared before any timing. They are timed in turn, round after
round, so that a busy moment of the machine affects them all; the medians are printed. Needs `wrk`,
and Node for the Mercurius peers, which are left out without it. Prints Markdown.
"""

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import fields
from pathlib import Path

import httpx

from benchmarks.contenders import Contender, contenders, served
from benchmarks.fill import fill
from benchmarks.queries import QUERIES, Query
from benchmarks.stopping import until_stopped
from benchmarks.wrk import Figures, measure
from store.embedded import embedded_mongod

# Port and process id of each.
Servers = dict[Contender, tuple[int, int]]
# By query, contender and number of connections; None if the contender was too slow.
Results = dict[str, dict[str, dict[int, Figures | None]]]


def main() -> None:
    """Run all rounds and print the tables."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--items", type=int, default=20_000)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--seconds", type=int, default=2, help="minimum length of a round")
    arguments.add_argument("--connections", type=int, nargs="+", default=[1, 8, 64])
    arguments.add_argument("--query", choices=QUERIES, action="append", help="default: all")
    arguments.add_argument("--only", help="newsgraph, and contenders whose names contain this")
    arguments.add_argument("--json", type=Path)
    options = arguments.parse_args()
    results: Results = {}
    with until_stopped(), ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="newsgraph-bench-")))
        uri = stack.enter_context(embedded_mongod(folder))
        fill(uri, "bench", options.items)
        servers = {
            contender: stack.enter_context(served(contender, uri))
            for contender in contenders(options.only)
        }
        for query in map(QUERIES.__getitem__, options.query or QUERIES):
            compare(query, servers)
            able = {one: server for one, server in servers.items() if query.name in one.queries}
            for connections in options.connections:
                found = in_turn(query, able, connections, options.rounds, options.seconds)
                for contender, figures in found.items():
                    by_name = results.setdefault(query.name, {})
                    by_name.setdefault(contender.name, {})[connections] = figures
    print("\n" + markdown(results, options.items))
    if options.json:
        options.json.write_text(json.dumps(results, default=vars, indent=1))


def fetch(query: Query, port: int) -> object:
    """Send a query and return its data. Exits on errors."""
    response = httpx.post(
        f"http://127.0.0.1:{port}/graphql", content=query.body, headers=query.headers
    )
    body = response.json()
    if "errors" in body:
        raise SystemExit(f"{query.name}: {body['errors']}")
    data: object = body["data"]
    return data


def compare(query: Query, servers: Servers) -> None:
    """Check that all contenders return the same data. Exits if they do not."""
    expected = None
    for contender, (port, _) in servers.items():
        if query.name in contender.queries:
            data = fetch(query, port)
            if expected is None:
                expected = data
            elif data != expected:
                raise SystemExit(f"{contender.name} returns different data for {query.name!r}")


def in_turn(
    queries: Query | Sequence[Query],
    servers: Servers,
    connections: int,
    rounds: int,
    seconds: int,
) -> dict[Contender, Figures | None]:
    """Measure all servers in turn, `rounds` times; returns each one's medians."""
    measured: dict[Contender, list[Figures | None]] = {contender: [] for contender in servers}
    seconds = max(seconds, connections // 20)  # so that a slow one can answer each
    for number in range(rounds + 1):
        for contender, (port, pid) in servers.items():
            if None not in measured[contender]:
                figures = measure(queries, port, pid, connections, seconds if number else 1)
                if number:  # the first round warms up
                    measured[contender].append(figures)
            print(".", end="", file=sys.stderr, flush=True)
    return {contender: medians(found) for contender, found in measured.items()}


def medians(measured: Sequence[Figures | None]) -> Figures | None:
    """Return the median of each figure; None if one measurement failed."""
    found = [figures for figures in measured if figures is not None]
    if len(found) < len(measured):
        return None
    names = (field.name for field in fields(Figures))
    return Figures(*(statistics.median(getattr(one, name) for one in found) for name in names))


def markdown(results: Results, items: int) -> str:
    """Return the tables."""
    lines = [
        f"Corpus: {items:,} items. One worker each. `ratio`: newsgraph's rate divided by the "
        "contender's. *Too slow*: fewer responses than connections within one measurement.\n"
    ]
    for query, by_name in results.items():
        lines += [f"### {query[0].upper()}{query[1:]}\n"]
        lines += [
            "| contender | connections | requests/s | ratio | p50 ms | p99 ms | p99/p50 | CPU ms "
            "| MB |"
        ]
        lines += ["|---|--:|--:|--:|--:|--:|--:|--:|--:|"]
        for name, by_connections in by_name.items():
            for connections, f in by_connections.items():
                ours = by_name["newsgraph"][connections]
                if f is None or ours is None:
                    lines.append(f"| {name} | {connections} | too slow | | | | | | |")
                    continue
                ratio = ours.rate / f.rate
                lines.append(
                    f"| {name} | {connections} | {f.rate:,.0f} | {ratio:.2f} | {f.p50_ms:.1f} "
                    f"| {f.p99_ms:.1f} | {f.p99_ms / f.p50_ms:.1f} | {f.cpu_ms:.2f} "
                    f"| {f.memory_mb:.0f} |"
                )
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
