"""The same front page over a small and a large corpus, measured in turn.

    .venv/bin/python -m benchmarks.growth [--small 10000] [--large 1000000] [--data-dir DIR]

The corpora are written to MongoDB directly; with `--data-dir` they are kept there and reused. Each
corpus has one server process. Each round measures both; the ratio is the median of the rounds'
ratios. Needs `wrk`. Prints Markdown.
"""

import argparse
import statistics
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from benchmarks.contenders import CONTENDERS, served
from benchmarks.fill import fill
from benchmarks.queries import QUERIES
from benchmarks.stopping import until_stopped
from benchmarks.wrk import Figures, measure
from store.connection import connect_blocking
from store.embedded import embedded_mongod

QUERY = QUERIES["front page of 20"]


def main() -> None:
    """Run the rounds and print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--small", type=int, default=10_000)
    arguments.add_argument("--large", type=int, default=1_000_000)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--data-dir", type=Path)
    options = arguments.parse_args()
    sizes = (options.small, options.large)
    with ExitStack() as stack:
        folder = options.data_dir or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        uri = stack.enter_context(embedded_mongod(folder))
        rounds: list[list[Figures]] = []
        for size in sizes:
            _fill_once(uri, size)
        servers = [stack.enter_context(served(CONTENDERS[0], uri, _name(size))) for size in sizes]
        for _ in range(options.rounds):
            found = [measure(QUERY, port, server, 1, 4) for port, server in servers]
            rounds.append([figures for figures in found if figures is not None])
            print(".", end="", file=sys.stderr, flush=True)
    print("\n" + markdown(sizes, rounds))


def _name(size: int) -> str:
    return f"growth_{size}"


def _fill_once(uri: str, size: int) -> None:
    with connect_blocking(uri) as client:
        if client[_name(size)]["items"].estimated_document_count() == size:
            return
    fill(uri, _name(size), size)


def markdown(sizes: tuple[int, int], rounds: list[list[Figures]]) -> str:
    """Return the table."""
    lines = ["| items | front pages/s | p50 ms | CPU ms |", "|--:|--:|--:|--:|"]
    for index, size in enumerate(sizes):
        rate, p50, cpu = (
            statistics.median(getattr(figures[index], name) for figures in rounds)
            for name in ("rate", "p50_ms", "cpu_ms")
        )
        lines.append(f"| {size:,} | {rate:,.0f} | {p50:.2f} | {cpu:.2f} |")
    ratio = statistics.median(large.p50_ms / small.p50_ms for small, large in rounds)
    return "\n".join([*lines, "", f"Time at {sizes[1]:,} over {sizes[0]:,}: {ratio:.2f}."])


if __name__ == "__main__":
    with until_stopped():
        main()
