"""CPU time of one request by layer: the front page of 20.

    .venv/bin/python -m benchmarks.profile [--items 20000] [--requests 4000]

The application runs in process, without an HTTP server, over a real MongoDB. A timer interrupts it
once per millisecond of CPU time and counts the innermost layer at work. Prints Markdown.
"""

import argparse
import asyncio
import signal
import tempfile
import time
from collections import Counter
from pathlib import Path
from types import FrameType

import uvloop
from starlette.types import ASGIApp, Message, Scope

from api.app import create_app
from api.settings import Settings
from benchmarks.fill import fill
from benchmarks.queries import QUERIES
from benchmarks.stopping import until_stopped
from store.audience import Audience
from store.embedded import embedded_mongod
from store.reading.corpus_watch import CorpusWatch
from store.reading.store import Store

QUERY = QUERIES["front page of 20"]
ROOT = Path(__file__).parents[1]
# The first of these that a file's path contains decides its layer.
LAYERS = {
    "site-packages/bson/": "BSON decoding",
    "site-packages/pymongo/": "PyMongo: commands, sockets, their tasks",
    f"{ROOT}/schema/execution/": "the executor: columns, rows, plans",
    f"{ROOT}/schema/": "resolvers, limits and the store's own code",
    f"{ROOT}/store/": "resolvers, limits and the store's own code",
    "site-packages/strawberry/": "Strawberry and graphql-core around the executor",
    "site-packages/graphql/": "Strawberry and graphql-core around the executor",
    f"{ROOT}/api/": "HTTP: the endpoint, JSON, ETag, metrics",
    "site-packages/starlette/": "HTTP: the endpoint, JSON, ETag, metrics",
    "site-packages/prometheus_client/": "HTTP: the endpoint, JSON, ETag, metrics",
}
LOOP = "the event loop"


class Sampler:
    """Counts the layers at work, once per millisecond of CPU time."""

    def __init__(self) -> None:
        self.ticks: Counter[str] = Counter()

    def __enter__(self) -> "Sampler":
        signal.signal(signal.SIGPROF, self._tick)
        signal.setitimer(signal.ITIMER_PROF, 0.001, 0.001)
        return self

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)

    def _tick(self, _number: int, frame: FrameType | None) -> None:
        while frame is not None:
            for part, layer in LAYERS.items():
                if part in frame.f_code.co_filename:
                    self.ticks[layer] += 1
                    return
            frame = frame.f_back
        self.ticks[LOOP] += 1


async def request(app: ASGIApp) -> None:
    """Send the application one request, as a server would."""
    body = QUERY.body.encode()
    headers = {**QUERY.headers, "content-length": str(len(body)), "host": "127.0.0.1"}

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        assert message.get("status", 200) == 200, message

    scope: Scope = {
        "type": "http",
        "method": "POST",
        "path": "/graphql",
        "scheme": "http",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    await app(scope, receive, send)


async def measure(uri: str, requests: int) -> None:
    """Send requests, eight at a time, and print the table."""
    settings = Settings(audience=Audience.PUBLIC, cache_mb=0)
    store = Store.connect(uri, "bench", timeout_s=30)
    app = create_app(settings, store, CorpusWatch(uri, "bench"))

    async def repeat(count: int) -> None:
        for _ in range(count):
            await request(app)

    await repeat(100)  # warm up
    started = time.process_time()
    with Sampler() as sampler:
        await asyncio.gather(*(repeat(requests // 8) for _ in range(8)))
    taken = (time.process_time() - started) / requests * 1000
    await store.close()
    total = sampler.ticks.total()
    print(f"{requests:,} requests, {taken:.2f} ms each.\n\n| share | what |\n|--:|---|")
    for layer, ticks in sampler.ticks.most_common():
        print(f"| {ticks / total:.0%} | {layer} |")


def main() -> None:
    """Fill the database, measure, and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--items", type=int, default=20_000)
    arguments.add_argument("--requests", type=int, default=4_000)
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder, embedded_mongod(Path(folder)) as uri:
        fill(uri, "bench", options.items)
        uvloop.run(measure(uri, options.requests))


if __name__ == "__main__":
    with until_stopped():
        main()
