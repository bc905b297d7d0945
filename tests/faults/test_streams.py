"""Streams miss no last state, whatever happens to the primary and to loads (`api.graphql.live`)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from api.app import create_app
from api.settings import Settings
from loaders.load import load
from loaders.options import Options
from store.audience import Audience
from store.reading.corpus_watch import CorpusWatch
from store.reading.store import Store
from tests.api.graphql.live.streaming import Streaming, streaming
from tests.faults.commands import start_load, wait_for_items
from tests.faults.faults import FAULTS
from tests.faults.replica_set import ReplicaSet, replica_set
from tests.loaders.conftest import write

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

DATABASE = "newsgraph"
WITHIN_S = 60
QUERIES = (
    "{ corpus { itemCount version } items(first: 3) { totalCount nodes { title } } }",
    "subscription { items(first: 2) { nodes { title topics { name itemCount } } } }",
)


@pytest.fixture
async def nodes(tmp_path: Path) -> AsyncIterator[ReplicaSet]:
    """A replica set."""
    with replica_set(tmp_path) as running:
        yield running


@pytest.fixture
async def app(nodes: ReplicaSet) -> AsyncIterator[Starlette]:
    """The application on it."""
    store, watch = Store.connect(nodes.uri, DATABASE), CorpusWatch(nodes.uri, DATABASE)
    app = create_app(Settings(audience=Audience.PUBLIC), store, watch)
    async with app.router.lifespan_context(app):
        yield app


def publish(nodes: ReplicaSet, folder: Path, title: str) -> None:
    """Load one more item; this waits for a primary."""
    write(folder / f"{title}.md", f"---\ntitle: {title}\ntopics: {title}\n---\n")
    report = load([str(folder)], uri=nodes.uri, database=DATABASE, options=Options(jobs=1))
    assert not report.failed


async def reach(clients: list[tuple[Streaming, str]], app: Starlette) -> None:
    """Wait until the newest answer of each stream is that of an ordinary request."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
        for client, query in clients:
            body = {"query": query.removeprefix("subscription")}
            async with asyncio.timeout(WITHIN_S):
                while True:
                    response = (await http.post("/graphql", json=body)).json()
                    if "errors" not in response and client.newest == response:
                        break
                    await asyncio.sleep(0.05)
            assert '"errors"' not in client.text  # an outage is no answer


async def test_streams_reach_the_last_state_after_each_fault(
    nodes: ReplicaSet, app: Starlette, tmp_path: Path
) -> None:
    folder = tmp_path / "news"
    await asyncio.to_thread(publish, nodes, folder, "first")
    async with AsyncExitStack() as stack:
        clients = [(await stack.enter_async_context(streaming(app, q)), q) for q in QUERIES]
        await reach(clients, app)
        for number, (name, fault) in enumerate(FAULTS.items()):
            await asyncio.gather(
                asyncio.to_thread(fault, nodes),
                asyncio.to_thread(publish, nodes, folder, f"during{number}"),
            )
            await asyncio.to_thread(publish, nodes, folder, f"after{number}")
            await reach(clients, app)
            assert clients[0][0].newest["data"]["corpus"]["itemCount"] == 3 + 2 * number, name
            for node in nodes.nodes:
                node.start()


async def test_a_load_that_is_killed_half_way_is_shown_when_it_is_completed(
    nodes: ReplicaSet, app: Starlette, tmp_path: Path
) -> None:
    folder = tmp_path / "news"
    await asyncio.to_thread(publish, nodes, folder, "first")
    async with AsyncExitStack() as stack:
        clients = [(await stack.enter_async_context(streaming(app, q)), q) for q in QUERIES]
        await reach(clients, app)
        for number in range(5_000):
            write(folder / f"{number}.md", f"---\ntitle: Item {number}\n---\n")
        with start_load(nodes.uri, DATABASE, folder) as half:
            await asyncio.to_thread(wait_for_items, nodes.uri, DATABASE, 1_000)
            half.kill()
        await asyncio.to_thread(publish, nodes, folder, "last")
        await reach(clients, app)
        assert clients[0][0].newest["data"]["corpus"]["itemCount"] == 5_002
