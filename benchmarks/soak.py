"""A soak test: 64 clients of several kinds for two minutes, to find leaks and stalls.

    .venv/bin/python -m benchmarks.soak [--seconds 120] [--window 10] [--items 5000] [--hostile 0]

The clients send nested queries and lists, mostly different ones and some shared (so cached), as the
public and with an editor's token, and invalid queries of every kind; some cut their connections.
With `--hostile`, as many more clients send attacks from `tests/attacks` and `benchmarks.hostile`,
one after another without a pause, in the second half of the time. Prints a row for each window as
Markdown, and one for the time after the clients left. The memory is that of the worker.
"""

import argparse
import asyncio
import http.client
import json
import multiprocessing
import random
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from multiprocessing.queues import Queue
from pathlib import Path
from queue import Empty
from typing import TypeAlias

import httpx
from pymongo import MongoClient

from benchmarks.attacks import send
from benchmarks.contenders import NEWSGRAPH, Contender, served
from benchmarks.documents import url_of
from benchmarks.fill import fill
from benchmarks.hostile import RAW_ATTACKS
from benchmarks.stopping import until_stopped
from store.embedded import embedded_mongod
from store.ids import item_id
from tests.attacks.corpus import ATTACKS

CLIENTS = 64
PROCESSES = 2
TOKEN = "soak"  # noqa: S105
PAUSE_S = 0.5  # on average; less would measure the queue for the CPU
PROBE_INTERVAL_S = 0.05
REQUESTS_PER_CONNECTION = 100
# Idle connections are kept for 20 s by the server and for 60 s to MongoDB.
_SETTLE_S = 65

_ITEM = """query Item($id: ID!) { item(id: $id) { title excerpt
  provider { name itemCount items(first: 5) { nodes { id title } } }
  related { title provider { name } item { id title relatedBy(first: 2) { nodes { id } } } } } }"""
_LIST = """query List($filter: ItemFilter, $first: Int) { items(filter: $filter, first: $first) {
  totalCount nodes { id title topics { name } provider { name } images { url } } } }"""
_FACETS = """query Facets($filter: ItemFilter) { items(filter: $filter) {
  facets { categories { value count } topics { count topic { name } } } } }"""
_SHARED = """{ providers(first: 10, orderBy: MOST_ITEMS) { nodes { name itemCount
  items(first: 3) { nodes { title related { title item { id } } } } } } }"""
INVALID = (
    "{ items(first: }",
    "{ nothing }",
    '{ items(after: "bogus") { nodes { id } } }',
    "{ items(first: 100) { nodes { relatedBy(first: 100) { nodes { id } } } } }",
)


# What clients have measured since they last sent: latencies in seconds, and unexpected responses.
Results: TypeAlias = "Queue[tuple[list[float], list[str]]]"


@dataclass
class Window:
    """The results of one window: times in seconds, and unexpected responses."""

    latencies: list[float] = field(default_factory=list)
    lags: list[float] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)


def main() -> None:
    """Run the server and the clients."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=120)
    arguments.add_argument("--window", type=float, default=10)
    arguments.add_argument("--items", type=int, default=5_000)
    arguments.add_argument("--hostile", type=int, default=0)
    options = arguments.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="newsgraph-soak-")))
        uri = stack.enter_context(embedded_mongod(folder))
        fill(uri, "bench", options.items)
        # A small cache is full after one window: growth after that is a leak.
        environment = (("NEWSGRAPH_EDITOR_TOKENS", TOKEN), ("NEWSGRAPH_CACHE_MB", "8"))
        server = Contender("newsgraph", tuple(NEWSGRAPH), environment)
        port, pid = stack.enter_context(served(server, uri))
        mongo = stack.enter_context(MongoClient[dict[str, object]](uri))
        soak(port, pid, mongo, options)


def soak(
    port: int,
    pid: int,
    mongo: MongoClient[dict[str, object]],
    options: argparse.Namespace,
) -> None:
    """Run the clients and print a row for each window."""
    print(f"{CLIENTS} clients, {options.items:,} items, one worker, everything on one machine.\n")
    print("| s | requests/s | p50 ms | p99 ms | loop lag p99 ms | RSS MB | files | MongoDB |")
    print("|--:|--:|--:|--:|--:|--:|--:|--:|")
    results: Results = multiprocessing.Queue()
    clients = [
        multiprocessing.Process(target=_clients, args=(n, port, options, results), daemon=True)
        for n in range(PROCESSES)
    ]
    print(row("before", Window(), options.window, pid, mongo), flush=True)
    for client in clients:
        client.start()
    unexpected: list[str] = []
    # Of the first half, and of the second, in which the hostile clients join.
    latencies: tuple[list[float], list[float]] = [], []
    began = time.monotonic()
    ends = began
    while ends < began + options.seconds:
        is_second = ends >= began + options.seconds / 2
        if is_second and len(clients) == PROCESSES and options.hostile:
            arguments = port, options
            clients.append(multiprocessing.Process(target=_attackers, args=arguments, daemon=True))
            clients[-1].start()
        ends += options.window
        window = observe(port, results, ends)
        unexpected += window.unexpected
        latencies[is_second].extend(window.latencies)
        at = f"{ends - began:.0f}"
        print(row(at, window, options.window, pid, mongo), flush=True)
    for client in clients:
        client.terminate()
        client.join()
    time.sleep(_SETTLE_S)
    print(row("after", Window(), options.window, pid, mongo))
    for half, found in zip(("First half", "Second half"), latencies, strict=True):
        p50, p99 = (1000 * _percentile(found, percent) for percent in (50, 99))
        print(f"\n{half}: p50 {p50:.0f} ms, p99 {p99:.0f} ms, {len(found):,} requests")
    print(f"\nUnexpected responses: {len(unexpected)}")
    print("\n".join(sorted(set(unexpected))[:10]))


def observe(port: int, results: Results, until: float) -> Window:
    """Probe the server and collect the clients' results until a moment (`time.monotonic`)."""
    window = Window()
    probe = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    while time.monotonic() < until:
        sent = time.perf_counter()
        # It does no work and waits for nothing, so its time is the event loop's lag.
        probe.request("GET", "/healthz")
        probe.getresponse().read()
        window.lags.append(time.perf_counter() - sent)
        try:
            while True:
                latencies, unexpected = results.get_nowait()
                window.latencies += latencies
                window.unexpected += unexpected
        except Empty:
            time.sleep(PROBE_INTERVAL_S)
    probe.close()
    return window


def row(
    at: str, window: Window, seconds: float, pid: int, client: MongoClient[dict[str, object]]
) -> str:
    """Return a window's row of the table."""
    status = Path(f"/proc/{pid}/status").read_text()
    memory = int(status.split("VmRSS:")[1].split()[0]) / 1024
    files = len(list(Path(f"/proc/{pid}/fd").iterdir()))
    connections = client.admin.command("serverStatus")["connections"]["current"]
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


def _attackers(port: int, options: argparse.Namespace) -> None:
    """Send attacks, as many at a time as there are hostile clients, until this process is ended."""
    with ThreadPoolExecutor(options.hostile) as pool:
        list(pool.map(_attacker, [port] * options.hostile, range(options.hostile)))


def _attacker(port: int, number: int) -> None:
    chance = random.Random(number)
    while True:
        if chance.random() < 0.5:
            send(port, chance.choice(ATTACKS).body(chance.randrange(10**9)))
        else:
            chance.choice(RAW_ATTACKS)(port)


def _clients(number: int, port: int, options: argparse.Namespace, results: Results) -> None:
    asyncio.run(_all_clients(number, port, options, results))


async def _all_clients(
    number: int, port: int, options: argparse.Namespace, results: Results
) -> None:
    window = Window()
    async with asyncio.timeout(options.seconds + 60), asyncio.TaskGroup() as group:
        for client in range(CLIENTS // PROCESSES):
            chance = random.Random(f"{number} {client}")
            kind = _cutter if client % 8 == 0 else _reader
            group.create_task(kind(port, chance, options.items, window))
        while True:
            await asyncio.sleep(0.5)
            results.put((window.latencies[:], window.unexpected[:]))
            window.latencies.clear()
            window.unexpected.clear()


async def _reader(port: int, chance: random.Random, items: int, window: Window) -> None:
    """Send a request, read the response, pause."""
    while True:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as http:
            for _ in range(REQUESTS_PER_CONNECTION):
                body, headers, expected = _request(chance, items)
                sent = time.perf_counter()
                try:
                    response = await http.post("/graphql", json=body, headers=headers)
                except httpx.HTTPError as error:
                    window.unexpected.append(repr(error))
                    continue
                window.latencies.append(time.perf_counter() - sent)
                has_errors = "errors" in response.json()
                if (response.status_code, has_errors) != expected:
                    window.unexpected.append(
                        f"{response.status_code} {response.text[:200]} to {body}"
                    )
                await asyncio.sleep(chance.uniform(0, 2 * PAUSE_S))


async def _cutter(port: int, chance: random.Random, items: int, _: Window) -> None:
    """Cut the connection while sending, waiting or reading."""
    while True:
        body = json.dumps(_request(chance, items)[0]).encode()
        _reader_end, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n")
        writer.write(b"content-length: %d\r\n\r\n" % len(body))
        writer.write(body[: chance.choice((len(body), len(body) // 2))])
        await asyncio.sleep(chance.uniform(0, 0.03))
        writer.transport.abort()
        await asyncio.sleep(chance.uniform(0, 2 * PAUSE_S))


def _request(
    chance: random.Random, items: int
) -> tuple[dict[str, object], dict[str, str], tuple[int, bool]]:
    """Return a body, headers, and what to expect: the status, and whether there are errors."""
    headers = {"authorization": f"Bearer {TOKEN}"} if chance.random() < 0.3 else {}
    kind = chance.random()
    if kind < 0.05:
        return {"query": _SHARED}, {"authorization": "Bearer stranger"}, (401, True)
    if kind < 0.15:
        return {"query": chance.choice(INVALID)}, headers, (200, True)
    if kind < 0.40:
        return {"query": _SHARED}, headers, (200, False)
    if kind < 0.70:
        found = {"id": item_id(url_of(chance.randrange(items)))}
        return {"query": _ITEM, "variables": found}, headers, (200, False)
    types = [chance.choice(("article", "video"))]
    wanted = {"minQuality": chance.randrange(100), "types": types}
    if kind < 0.72:
        return {"query": _FACETS, "variables": {"filter": wanted}}, headers, (200, False)
    variables = {"filter": wanted, "first": chance.randrange(1, 50)}
    return {"query": _LIST, "variables": variables}, headers, (200, False)


if __name__ == "__main__":
    with until_stopped():
        main()
