"""A soak: 64 clients of mixed manners for two minutes, and whether the server stays as it was.

    .venv/bin/python -m benchmarks.soak [--seconds 120] [--window 10] [--items 5000]

Among the clients: nested queries and lists, mostly of their own and some that all share (answered
from the cache), public and with an editor's token, mistakes of every kind, and connections that
are cut in the middle. Prints a row for each window as Markdown, and one for after they left.
"""

import argparse
import asyncio
import http.client
import json
import multiprocessing
import random
import statistics
import subprocess
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from typing import Any

import httpx
from pymongo import MongoClient

from benchmarks.contenders import NEWSGRAPH, Contender, served
from benchmarks.documents import url_of
from benchmarks.fill import fill
from store.embedded import embedded_mongod
from store.ids import item_id

CLIENTS = 64
PROCESSES = 2
TOKEN = "soak"  # noqa: S105
THINKS_S = 0.5  # on average: more would measure the queue for the processor
PROBED_EVERY_S = 0.05
STAYS_FOR = 100  # requests on one connection
_LEAVE_S = 65  # longer than idle connections are kept: 20 s by us, 60 s to MongoDB

_ITEM = """query Item($id: ID!) { item(id: $id) { title excerpt
  provider { name itemCount items(first: 5) { nodes { id title } } }
  related { title provider { name } item { id title relatedBy(first: 2) { nodes { id } } } } } }"""
_LIST = """query List($filter: ItemFilter, $first: Int) { items(filter: $filter, first: $first) {
  totalCount nodes { id title topics { name } provider { name } images { url } } } }"""
_FACETS = """query Facets($filter: ItemFilter) { items(filter: $filter) {
  facets { categories { value count } topics { count topic { name } } } } }"""
_SHARED = """{ providers(first: 10, orderBy: MOST_ITEMS) { nodes { name itemCount
  items(first: 3) { nodes { title related { title item { id } } } } } } }"""
MISTAKES = (
    "{ items(first: }",
    "{ nothing }",
    '{ items(after: "bogus") { nodes { id } } }',
    "{ items(first: 100) { nodes { relatedBy(first: 100) { nodes { id } } } } }",
)


@dataclass
class Window:
    """What happened in some seconds: times in seconds, and answers that must not be."""

    latencies: list[float] = field(default_factory=list)
    lags: list[float] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)


def main() -> None:
    """Run it."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=120)
    arguments.add_argument("--window", type=float, default=10)
    arguments.add_argument("--items", type=int, default=5_000)
    options = arguments.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="newsgraph-soak-")))
        uri = stack.enter_context(embedded_mongod(folder))
        fill(uri, "bench", options.items)
        # A small cache, full within a window: what grows after that is a leak.
        environment = (("NEWSGRAPH_EDITOR_TOKENS", TOKEN), ("NEWSGRAPH_CACHE_MB", "8"))
        server = Contender("newsgraph", tuple(NEWSGRAPH), environment)
        port, process = stack.enter_context(served(server, uri))
        database = stack.enter_context(MongoClient[dict[str, Any]](uri))
        soak(port, process, database, options)


def soak(
    port: int,
    process: subprocess.Popen[bytes],
    database: MongoClient[dict[str, Any]],
    options: argparse.Namespace,
) -> None:
    """Load the server and print a row for each window."""
    print(f"{CLIENTS} clients, {options.items:,} items, one worker, everything on one machine.\n")
    print("| s | requests/s | p50 ms | p99 ms | loop lag p99 ms | RSS MB | files | MongoDB |")
    print("|--:|--:|--:|--:|--:|--:|--:|--:|")
    told: Any = multiprocessing.Queue()
    clients = [
        multiprocessing.Process(target=_clients, args=(n, port, options, told), daemon=True)
        for n in range(PROCESSES)
    ]
    print(row("before", Window(), options.window, process.pid, database), flush=True)
    for client in clients:
        client.start()
    unexpected: list[str] = []
    began = time.monotonic()
    ends = began
    while ends < began + options.seconds:
        ends += options.window
        window = observe(port, told, ends)
        unexpected += window.unexpected
        at = f"{ends - began:.0f}"
        print(row(at, window, options.window, process.pid, database), flush=True)
    for client in clients:
        client.terminate()
        client.join()
    time.sleep(_LEAVE_S)
    print(row("after", Window(), options.window, process.pid, database))
    print(f"\nUnexpected answers: {len(unexpected)}")
    print("\n".join(sorted(set(unexpected))[:10]))


def observe(port: int, told: Any, until: float) -> Window:
    """Probe the server, and gather what the clients tell, until a moment."""
    window = Window()
    probe = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    while time.monotonic() < until:
        asked = time.perf_counter()
        # It does no work and waits for nothing: what it takes is the event loop's lag.
        probe.request("GET", "/healthz")
        probe.getresponse().read()
        window.lags.append(time.perf_counter() - asked)
        try:
            while True:
                latencies, unexpected = told.get_nowait()
                window.latencies += latencies
                window.unexpected += unexpected
        except Empty:
            time.sleep(PROBED_EVERY_S)
    probe.close()
    return window


def row(
    at: str, window: Window, seconds: float, pid: int, database: MongoClient[dict[str, Any]]
) -> str:
    """Give a window's line of the table."""
    status = Path(f"/proc/{pid}/status").read_text()
    memory = int(status.split("VmRSS:")[1].split()[0]) / 1024
    files = len(list(Path(f"/proc/{pid}/fd").iterdir()))
    connections = database.admin.command("serverStatus")["connections"]["current"]
    cells = [
        at,
        f"{len(window.latencies) / seconds:,.0f}",
        f"{_percentile(window.latencies, 50) * 1000:.0f}",
        f"{_percentile(window.latencies, 99) * 1000:.0f}",
        f"{_percentile(window.lags, 99) * 1000:.0f}",
        f"{memory:.0f}",
        str(files),
        str(connections),
    ]
    return f"| {' | '.join(cells)} |"


def _percentile(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100)[percent - 1] if len(values) > 1 else 0


def _clients(number: int, port: int, options: argparse.Namespace, told: Any) -> None:
    asyncio.run(_all_clients(number, port, options, told))


async def _all_clients(number: int, port: int, options: argparse.Namespace, told: Any) -> None:
    window = Window()
    async with asyncio.timeout(options.seconds + 60), asyncio.TaskGroup() as group:
        for client in range(CLIENTS // PROCESSES):
            chance = random.Random(f"{number} {client}")
            manner = _cutter if client % 8 == 0 else _reader
            group.create_task(manner(port, chance, options.items, window))
        while True:
            await asyncio.sleep(0.5)
            told.put((window.latencies[:], window.unexpected[:]))
            window.latencies.clear()
            window.unexpected.clear()


async def _reader(port: int, chance: random.Random, items: int, window: Window) -> None:
    """Ask, read the answer, think."""
    while True:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as http:
            for _ in range(STAYS_FOR):
                body, headers, expected = _request(chance, items)
                asked = time.perf_counter()
                try:
                    answer = await http.post("/graphql", json=body, headers=headers)
                except httpx.HTTPError as error:
                    window.unexpected.append(repr(error))
                    continue
                window.latencies.append(time.perf_counter() - asked)
                has_errors = "errors" in answer.json()
                if (answer.status_code, has_errors) != expected:
                    window.unexpected.append(f"{answer.status_code} {answer.text[:200]} to {body}")
                await asyncio.sleep(chance.uniform(0, 2 * THINKS_S))


async def _cutter(port: int, chance: random.Random, items: int, window: Window) -> None:
    """Cut the connection while sending, waiting or reading."""
    while True:
        body = json.dumps(_request(chance, items)[0]).encode()
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n")
        writer.write(b"content-length: %d\r\n\r\n" % len(body))
        writer.write(body[: chance.choice((len(body), len(body) // 2))])
        await asyncio.sleep(chance.uniform(0, 0.03))
        writer.transport.abort()
        await asyncio.sleep(chance.uniform(0, 2 * THINKS_S))


def _request(
    chance: random.Random, items: int
) -> tuple[dict[str, Any], dict[str, str], tuple[int, bool]]:
    """Give a body, headers, and what is to come: a status, and whether there are errors."""
    headers = {"authorization": f"Bearer {TOKEN}"} if chance.random() < 0.3 else {}
    manner = chance.random()
    if manner < 0.05:
        return {"query": _SHARED}, {"authorization": "Bearer stranger"}, (401, True)
    if manner < 0.15:
        return {"query": chance.choice(MISTAKES)}, headers, (200, True)
    if manner < 0.40:
        return {"query": _SHARED}, headers, (200, False)
    if manner < 0.70:
        found = {"id": item_id(url_of(chance.randrange(items)))}
        return {"query": _ITEM, "variables": found}, headers, (200, False)
    types = [chance.choice(("article", "video"))]
    wanted = {"minQuality": chance.randrange(100), "types": types}
    if manner < 0.72:
        return {"query": _FACETS, "variables": {"filter": wanted}}, headers, (200, False)
    variables = {"filter": wanted, "first": chance.randrange(1, 50)}
    return {"query": _LIST, "variables": variables}, headers, (200, False)


if __name__ == "__main__":
    main()
