"""Streams of a real corpus that is loaded: to its last state, and to no one what is not theirs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette

from api.app import create_app
from api.settings import Settings
from loaders.load import load
from loaders.options import Options
from store.audience import Audience
from store.reading.corpus_watch import CorpusWatch
from store.reading.store import Store
from tests.api.graphql.live.streaming import Streaming, streaming
from tests.conftest import EDITOR_TOKEN
from tests.loaders.conftest import write

pytestmark = pytest.mark.anyio

MARK = "zqxsecret"
EDITOR = {"authorization": f"Bearer {EDITOR_TOKEN}"}
QUERIES = (
    """{ items(first: 3) { totalCount nodes { title } facets { tags { name count } } }
         topics { nodes { name itemCount items { nodes { title topics { name } } } } } }""",
    "subscription { items(first: 100) { edges { cursor node { id title slug } } } }",
    'subscription { item(slug: "s1") { title related { item { title } } } }',
    "{ corpus { itemCount version } authors { nodes { name items { nodes { title } } } } }",
)
Step = tuple[int, str]


@pytest.fixture
async def app(mongod: str, database_name: str) -> AsyncIterator[Starlette]:
    """The application on an empty database."""
    given = Settings(audience=Audience.PUBLIC, editor_tokens=(EDITOR_TOKEN,))
    store, watch = Store.connect(mongod, database_name), CorpusWatch(mongod, database_name)
    app = create_app(given, store, watch)
    async with app.router.lifespan_context(app):
        yield app


class Desk:
    """A folder of a few items that is edited and loaded."""

    def __init__(self, folder: Path, mongod: str, database: str) -> None:
        self._folder = folder
        self._mongod = mongod
        self._database = database

    def edit(self, number: int, how: str) -> None:
        """Publish an item, take it back, change it, or delete its file."""
        path = self._folder / f"{number}.md"
        if how == "delete":
            path.unlink(missing_ok=True)
            return
        is_public = how != "unpublish"
        word = f"{how}{number}" if is_public else f"{MARK}{number}"
        write(
            path,
            f"---\ntitle: {word}\nslug: s{number}\ndate: 2026-02-{number + 1:02}\n"
            f"tags: {word} tag\ntopics: {word} topic\nauthors: {word} hand\n"
            f"published: {str(is_public).lower()}\n---\n",
        )

    async def load(self) -> None:
        """Load what has changed."""
        options = Options(jobs=1, prune=True)
        await asyncio.to_thread(
            load, [str(self._folder)], uri=self._mongod, database=self._database, options=options
        )


@pytest.fixture
def desk(tmp_path: Path, mongod: str, database_name: str) -> Desk:
    """A folder that is loaded into the application's database."""
    return Desk(tmp_path, mongod, database_name)


async def fresh(app: Starlette, query: str, headers: dict[str, str]) -> Any:
    """Return the answer of an ordinary request."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
        body = {"query": query.removeprefix("subscription")}
        return (await http.post("/graphql", json=body, headers=headers)).json()


async def reaches(client: Streaming, app: Starlette, query: str, headers: dict[str, str]) -> None:
    """Wait until the newest answer of a stream is that of an ordinary request."""
    expected = await fresh(app, query, headers)
    await client.until(lambda: bool(client.newest == expected))


async def follow(app: Starlette, desk: Desk, loads: list[list[Step]]) -> bool:
    """Follow these loads as the public and as an editor, and check what both were sent.

    Return whether the editor has seen what the public may not.
    """
    async with AsyncExitStack() as stack:
        clients = [
            (await stack.enter_async_context(streaming(app, query, headers=who)), query, who)
            for query in QUERIES
            for who in ({}, EDITOR)
        ]
        for steps in loads:
            for number, how in steps:
                desk.edit(number, how)
            await desk.load()
        for client, query, who in clients:
            await reaches(client, app, query, who)
            assert who or MARK not in client.text
        return any(MARK in client.text for client, _, who in clients if who)


async def test_an_item_that_is_taken_back_leaves_all_streams_of_the_public(
    app: Starlette, desk: Desk
) -> None:
    desk.edit(1, "first")
    desk.edit(2, "second")
    await desk.load()
    loads = [[(1, "unpublish")], [(2, "changed"), (1, "third")], [(2, "delete")]]
    await follow(app, desk, loads)


async def test_what_is_not_published_is_in_the_streams_of_editors_only(
    app: Starlette, desk: Desk
) -> None:
    desk.edit(1, "first")
    await desk.load()
    assert await follow(app, desk, [[(2, "unpublish")], [(1, "unpublish")]])


steps = st.tuples(
    st.integers(0, 4), st.sampled_from(["publish", "change", "unpublish", "unpublish", "delete"])
)


@pytest.mark.slow
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(loads=st.lists(st.lists(steps, min_size=1, max_size=4), min_size=1, max_size=6))
async def test_any_history_of_loads_ends_in_its_last_state(
    app: Starlette, desk: Desk, loads: list[list[Step]]
) -> None:
    await follow(app, desk, loads)
