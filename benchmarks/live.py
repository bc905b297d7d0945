"""Streams: how soon an answer follows a change, and what open streams take.

    .venv/bin/python -m benchmarks.live [--items 20000] [--streams 1 100 5000] [--queries 10]
                                        [--changes 20]

One worker, whose streams are spread over some different queries: the newest items, in lists of
different lengths. Each change is an item's new title and then the next corpus version, written by
this process, as the last writes of a load are; the time begins when the second one is confirmed,
and ends when a stream's answer begins to arrive. All streams are read by this process, on the same
machine. Prints Markdown.
"""

import argparse
import asyncio
import json
import re
import statistics
import tempfile
import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import NamedTuple

import httpx
from pymongo import MongoClient

from benchmarks.contenders import NEWSGRAPH, Contender, served
from benchmarks.fill import fill
from benchmarks.stopping import until_stopped
from store.embedded import embedded_mongod

DATABASE = "live"
WITHIN_S = 120
SERVER = Contender(
    "newsgraph",
    tuple(NEWSGRAPH),
    (
        ("NEWSGRAPH_STREAMS", "20000"),
        ("NEWSGRAPH_STREAMS_PER_CALLER", "20000"),
        ("NEWSGRAPH_EDITOR_TOKENS", "a-token-for-the-metrics"),
    ),
)
TOKEN = {"authorization": "Bearer a-token-for-the-metrics"}


class Figures(NamedTuple):
    """What was measured with a number of streams."""

    streams: int
    seconds: list[float]
    """From a change to a stream's answer, for each stream and change."""
    memory: float
    """Bytes of the worker for each stream."""
    executions: float
    """Of all queries together, for each change."""


class Stream(asyncio.Protocol):
    """One open stream: when its newest answer began to arrive."""

    def __init__(self, query: str) -> None:
        body = json.dumps({"query": query}).encode()
        self._request = (
            b"POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: text/event-stream\r\n"
            b"content-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body)
        )
        self.answers = 0
        self.at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the stream."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Note the arrival of an answer: `id:` begins each."""
        if b"\nid: " in data:
            self.answers += 1
            self.at = time.perf_counter()


class Corpus:
    """The corpus that is changed."""

    def __init__(self, client: MongoClient[dict[str, object]]) -> None:
        self._database = client[DATABASE]
        newest = self._database["items"].find_one({"published": True}, sort=[("sort.newest", 1)])
        assert newest
        self._newest = newest["_id"]
        self._number = 0

    def change(self) -> float:
        """Change the newest item, and return the time at which that was confirmed."""
        self._number += 1
        self._database["items"].update_one(
            {"_id": self._newest}, {"$set": {"title": f"Change {self._number}"}}
        )
        self._database["meta"].update_one({"_id": "corpus"}, {"$inc": {"version": 1}}, upsert=True)
        return time.perf_counter()


async def measure(
    port: int, worker: int, corpus: Corpus, count: int, queries: int, changes: int
) -> Figures:
    """Open streams, change the corpus, and close them."""
    loop = asyncio.get_running_loop()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=TOKEN) as http:
        asked = [
            f"{{ items(first: {n + 1}) {{ nodes {{ id title excerpt }} }} }}"
            for n in range(queries)
        ]
        for query in asked * 20:  # what the first requests take is not the streams'
            await http.post("/graphql", json={"query": query})
        before = memory_of(worker)
        streams: list[Stream] = []
        for number in range(count):
            query = asked[number % queries]
            _, stream = await loop.create_connection(partial(Stream, query), "127.0.0.1", port)
            streams.append(stream)
            if number % 50 == 0:
                await until(streams, 1)
        await until(streams, 1)
        memory = (memory_of(worker) - before) / count
        executed = await executions(http)
        seconds: list[float] = []
        for number in range(changes):
            began = await asyncio.to_thread(corpus.change)
            await until(streams, number + 2)
            seconds += [max(0.0, stream.at - began) for stream in streams]
            await asyncio.sleep(0.3)  # beyond the pace of a query
        executed = (await executions(http) - executed) / changes
    for stream in streams:
        stream.transport.close()
    return Figures(count, seconds, memory, executed)


async def until(streams: list[Stream], answers: int) -> None:
    """Wait until each stream has so many answers."""
    async with asyncio.timeout(WITHIN_S):
        # Thousands of events to wait for would cost more than looking.
        while any(stream.answers < answers for stream in streams):  # noqa: ASYNC110
            await asyncio.sleep(0.005)


async def executions(http: httpx.AsyncClient) -> float:
    """Return how often queries of streams were executed after a change."""
    page = (await http.get("/metrics")).text
    found = re.search(r"^newsgraph_stream_executions_total (\S+)$", page, re.MULTILINE)
    return float(found[1]) if found else 0.0


def memory_of(process: int) -> int:
    """Return the resident bytes of a process."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) * 1024


def main() -> None:
    """Measure, and print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--items", type=int, default=20_000)
    arguments.add_argument("--streams", type=int, nargs="+", default=[1, 100, 5_000])
    arguments.add_argument("--queries", type=int, default=10, help="different queries")
    arguments.add_argument("--changes", type=int, default=20)
    options = arguments.parse_args()
    rows: list[Figures] = []
    with until_stopped(), ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="newsgraph-bench-")))
        uri = stack.enter_context(embedded_mongod(folder / "data"))
        fill(uri, DATABASE, options.items)
        corpus = Corpus(stack.enter_context(MongoClient[dict[str, object]](uri)))
        for count in options.streams:
            # A server of its own for each, so that memory is that of these streams.
            with served(SERVER, uri, DATABASE) as (port, worker):
                run = measure(port, worker, corpus, count, options.queries, options.changes)
                rows.append(asyncio.run(run))
    print(f"Corpus: {options.items:,} items. {options.queries} different queries, one worker.\n")
    print("| streams | p50 ms | p99 ms | KB for each stream | executions for each change |")
    print("|--:|--:|--:|--:|--:|")
    for row in rows:
        cuts = statistics.quantiles(row.seconds, n=100)
        print(
            f"| {row.streams:,} | {cuts[49] * 1000:.0f} | {cuts[98] * 1000:.0f} "
            f"| {row.memory / 1024:.0f} | {row.executions:.1f} |"
        )


if __name__ == "__main__":
    main()
