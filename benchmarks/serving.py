"""Serving side by side: newsgraph, its reference executor, peers, and the floor, on one MongoDB.

    .venv/bin/python -m benchmarks.serving [--items 20000] [--rounds 3] [--seconds 2] [--json FILE]

Every contender is one process with one worker, in production mode, its caches off unless its name
says otherwise. Their answers are compared before any is timed. They are timed in turn, round after
round, and the medians printed, so that a busy moment of the machine hits all or none. Needs `wrk`;
and Node for the Mercurius peers, which are left out without it. Prints Markdown.
"""

import argparse
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import httpx

from benchmarks.fill import fill
from benchmarks.queries import QUERIES, Query
from store.embedded import embedded_mongod

HERE = Path(__file__).parent
PYTHON = sys.executable
UVICORN = [PYTHON, "-m", "uvicorn", "--log-level=warning", "--no-access-log", "--port={port}"]
NEWSGRAPH = [str(Path(PYTHON).with_name("newsgraph")), "serve", "--port={port}"]


@dataclass(frozen=True)
class Contender:
    """A server that can answer some of the queries."""

    name: str
    command: tuple[str, ...]
    environment: tuple[tuple[str, str], ...] = ()
    answers: tuple[str, ...] = tuple(QUERIES)


CONTENDERS = (
    Contender("newsgraph", tuple(NEWSGRAPH), (("NEWSGRAPH_CACHE_MB", "0"),)),
    Contender("newsgraph, response cache on", tuple(NEWSGRAPH), (("NEWSGRAPH_CACHE_MB", "64"),)),
    Contender(
        "newsgraph on graphql-core",
        tuple(NEWSGRAPH),
        (("NEWSGRAPH_CACHE_MB", "0"), ("NEWSGRAPH_EXECUTOR", "graphql-core")),
    ),
    Contender("plain Strawberry", (*UVICORN, "benchmarks.peers.plain_strawberry:app")),
    Contender("Mercurius", ("node", "server.js"), (("JIT", "0"),)),
    Contender("Mercurius with JIT", ("node", "server.js"), (("JIT", "1"),)),
    Contender(
        "floor, by hand",
        (*UVICORN, "benchmarks.peers.floor:app"),
        answers=("front page of 20", "front page of 100", "ids only"),
    ),
)


@dataclass
class Figures:
    """What one contender did with one query at one number of connections."""

    rate: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float
    memory_mb: float


# The port and process of each.
Servers = dict[Contender, tuple[int, subprocess.Popen[bytes]]]
# By query, contender and number of connections; None where a contender was too slow.
Results = dict[str, dict[str, dict[int, Figures | None]]]


def main() -> None:
    """Run it all and print Markdown."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--items", type=int, default=20_000)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--seconds", type=int, default=2, help="of a round, at least")
    arguments.add_argument("--connections", type=int, nargs="+", default=[1, 8, 64])
    arguments.add_argument("--query", choices=QUERIES, action="append", help="all unless named")
    arguments.add_argument("--only", help="contenders whose names contain this, and newsgraph")
    arguments.add_argument("--json", type=Path)
    options = arguments.parse_args()
    results: Results = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="newsgraph-bench-")))
        uri = stack.enter_context(embedded_mongod(folder))
        fill(uri, "bench", options.items)
        servers = {
            contender: stack.enter_context(served(contender, uri))
            for contender in contenders(options.only)
        }
        for query in map(QUERIES.__getitem__, options.query or QUERIES):
            compare(query, servers)
            asked = {one: server for one, server in servers.items() if query.name in one.answers}
            for connections in options.connections:
                found = in_turn(query, asked, connections, options.rounds, options.seconds)
                for contender, figures in found.items():
                    by_name = results.setdefault(query.name, {})
                    by_name.setdefault(contender.name, {})[connections] = figures
    print("\n" + markdown(results, options.items))
    if options.json:
        options.json.write_text(json.dumps(results, default=vars, indent=1))


def contenders(only: str | None) -> Iterator[Contender]:
    """Give those that this machine can run."""
    for contender in CONTENDERS:
        if contender.command[0] == "node":
            if shutil.which("node") is None:
                continue
            if not (HERE / "peers/mercurius/node_modules").exists():
                subprocess.run(["npm", "ci"], cwd=HERE / "peers/mercurius", check=True)
        if only is None or only in contender.name or contender.name == "newsgraph":
            yield contender


@contextmanager
def served(
    contender: Contender, uri: str, database: str = "bench"
) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Run a contender until the end of the context; gives its port and process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    node = contender.command[0] == "node"
    environment = {
        **os.environ,
        **dict(contender.environment),
        "MONGODB_URI": uri,
        "DATABASE": database,
        "PORT": str(port),
        "NODE_ENV": "production",
        "NEWSGRAPH_MONGODB_URI": uri,
        "NEWSGRAPH_DATABASE": database,
        "NEWSGRAPH_AUDIENCE": "public",
        "NEWSGRAPH_TIMEOUT_S": "120",  # nor does a peer give up
        "NEWSGRAPH_LOG_LEVEL": "warning",  # the peers log no requests either
    }
    command = [part.format(port=port) for part in contender.command]
    folder = HERE / "peers/mercurius" if node else HERE.parent
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=said, stderr=said)
        try:
            wait_for(port, process, contender.name)
            yield port, process
        except ServerDied:
            said.seek(0)
            raise SystemExit(f"{contender.name} did not start:\n{said.read().decode()}") from None
        finally:
            process.kill()  # whatever its clients still wait for
            process.wait()


class ServerDied(Exception):
    """A contender did not come to listen."""


def wait_for(port: int, process: subprocess.Popen[bytes], name: str) -> None:
    """Wait until a process listens."""
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise ServerDied(name) from None
            time.sleep(0.05)
        else:
            return


def ask(query: Query, port: int) -> Any:
    """Give the data of an answer."""
    answer = httpx.post(
        f"http://127.0.0.1:{port}/graphql", content=query.body, headers=query.headers
    )
    found = answer.json()
    if "errors" in found:
        raise SystemExit(f"{query.name}: {found['errors']}")
    return found["data"]


def compare(query: Query, servers: Servers) -> None:
    """Make sure that all contenders give the same answer."""
    expected = None
    for contender, (port, _) in servers.items():
        if query.name in contender.answers:
            data = ask(query, port)
            if expected is None:
                expected = data
            elif data != expected:
                raise SystemExit(f"{contender.name} answers {query.name} differently")


def in_turn(
    query: Query, servers: Servers, connections: int, rounds: int, seconds: int
) -> dict[Contender, Figures | None]:
    """Measure all servers in turn, so many times, and give each one's medians."""
    measured: dict[Contender, list[Figures | None]] = {contender: [] for contender in servers}
    seconds = max(seconds, connections // 20)  # for a slow one to answer each of many
    for number in range(rounds + 1):
        for contender, (port, process) in servers.items():
            if None not in measured[contender]:
                figures = measure(query, port, process.pid, connections, seconds if number else 1)
                if number:  # the first round is for warming up
                    measured[contender].append(figures)
            print(".", end="", file=sys.stderr, flush=True)
    return {contender: middle(found) for contender, found in measured.items()}


def middle(measured: Sequence[Figures | None]) -> Figures | None:
    """Give the median of each figure; None if one measurement failed."""
    found = [figures for figures in measured if figures is not None]
    if len(found) < len(measured):
        return None
    names = (field.name for field in fields(Figures))
    return Figures(*(statistics.median(getattr(one, name) for one in found) for name in names))


def measure(query: Query, port: int, pid: int, connections: int, seconds: int) -> Figures | None:
    """Load a server with `wrk` for some seconds.

    Gives None when it answers fewer requests than there are connections.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        headers = "".join(f'wrk.headers["{k}"] = "{v}"\n' for k, v in query.headers.items())
        script.write(f'wrk.method = "POST"\nwrk.body = [==[{query.body}]==]\n{headers}')
        script.flush()
        command = [
            "wrk",
            "-t1",
            "--timeout=120s",
            f"-c{connections}",
            "--latency",
            "-s",
            script.name,
        ]
        url = f"http://127.0.0.1:{port}/graphql"
        before = cpu_seconds(pid)
        done = subprocess.run(
            [*command, f"-d{seconds}s", url], capture_output=True, check=True, text=True
        )
        spent = cpu_seconds(pid) - before
        settle(pid)
    requests = int(_found(r"(\d+) requests in", done.stdout))
    if "Non-2xx" in done.stdout:
        raise SystemExit(done.stdout)
    if requests < connections:
        return None  # too slow to say anything of
    return Figures(
        rate=float(_found(r"Requests/sec:\s+([\d.]+)", done.stdout)),
        p50_ms=_milliseconds(_found(r"\n\s+50%\s+(\S+)", done.stdout)),
        p99_ms=_milliseconds(_found(r"\n\s+99%\s+(\S+)", done.stdout)),
        cpu_ms=spent / requests * 1000,
        memory_mb=_memory_mb(pid),
    )


def settle(pid: int) -> None:
    """Wait until a server is done with the requests that `wrk` left when its time was over."""
    deadline = time.monotonic() + 120
    busy = True
    while busy and time.monotonic() < deadline:
        before = cpu_seconds(pid)
        time.sleep(0.3)
        busy = cpu_seconds(pid) - before > 0.02


def cpu_seconds(pid: int) -> float:
    """Give the processor time that a process has used (proc(5), `stat`)."""
    stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")


def markdown(results: Results, items: int) -> str:
    """Give the tables."""
    lines = [
        f"Corpus: {items:,} items. One worker each. `ratio`: newsgraph's rate over this one's. "
        "*Too slow*: fewer requests were answered in the time of a measurement than there were "
        "connections.\n"
    ]
    for query, by_name in results.items():
        lines += [f"### {query[0].upper()}{query[1:]}\n"]
        lines += [
            "| contender | connections | requests/s | ratio | p50 ms | p99 ms | CPU ms | MB |"
        ]
        lines += ["|---|--:|--:|--:|--:|--:|--:|--:|"]
        for name, by_connections in by_name.items():
            for connections, f in by_connections.items():
                ours = by_name["newsgraph"][connections]
                if f is None or ours is None:
                    lines.append(f"| {name} | {connections} | too slow | | | | | |")
                    continue
                ratio = ours.rate / f.rate
                lines.append(
                    f"| {name} | {connections} | {f.rate:,.0f} | {ratio:.2f} | {f.p50_ms:.1f} "
                    f"| {f.p99_ms:.1f} | {f.cpu_ms:.2f} | {f.memory_mb:.0f} |"
                )
        lines.append("")
    return "\n".join(lines)


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    if match is None:
        raise SystemExit(text)
    return match[1]


def _milliseconds(text: str) -> float:
    number, unit = re.match(r"([\d.]+)(\w+)", text).groups()  # type: ignore[union-attr]
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def _memory_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(_found(r"VmRSS:\s+(\d+)", status)) / 1024


if __name__ == "__main__":
    main()
