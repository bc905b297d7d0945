"""While MongoDB is away, only the first callers wait for it; when it is back, calls succeed."""

import asyncio
import gc
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from pymongo import AsyncMongoClient

from schema.context import Context
from schema.schema import build_schema
from store.audience import Audience
from store.connection import connect
from store.documents import Document
from store.embedded import embedded_mongod
from store.errors import Unavailable
from store.reading.outage import Outage
from store.reading.store import Store

pytestmark = pytest.mark.anyio

NOWHERE = "mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=500"


class Clock:
    """A clock that the test moves."""

    now = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


@pytest.fixture
async def nowhere() -> AsyncIterator[AsyncMongoClient[Document]]:
    """A client whose server does not exist."""
    client = connect(NOWHERE)
    yield client
    await client.close()


async def test_callers_wait_until_a_wait_has_been_in_vain(
    nowhere: AsyncMongoClient[Document],
) -> None:
    clock = Clock()
    outage = Outage(nowhere, clock)
    outage.check()  # nothing is known yet
    clock.now += 0.49
    outage.check()
    clock.now += 0.01
    with pytest.raises(Unavailable):
        outage.check()


async def test_a_server_that_is_known_ends_the_outage(mongod: str) -> None:
    client = connect(mongod)
    clock = Clock()
    outage = Outage(client, clock)
    outage.check()
    await client.admin.command("ping")
    clock.now += 60
    outage.check()
    await client.close()


async def test_from_the_second_query_on_an_outage_is_reported_at_once_with_its_cause() -> None:
    store = Store.connect(NOWHERE, "nothing")
    schema = build_schema()
    try:
        with pytest.raises(Unavailable):
            await store.state()
        began = time.monotonic()
        for _ in range(30):
            with pytest.raises(Unavailable) as error:
                await store.state()
            result = await schema.execute(
                "{ corpus { itemCount } }", context_value=Context(store, Audience.PUBLIC)
            )
            assert [error.extensions["code"] for error in result.errors or ()] == ["UNAVAILABLE"]  # type: ignore[index]
        assert time.monotonic() - began < 10  # or most waited for half a second, as the first did
        assert "127.0.0.1:9" in str(error.value.__cause__)
        # What needs no data is still answered.
        result = await schema.execute(
            "{ __typename }", context_value=Context(store, Audience.PUBLIC)
        )
        assert result.data == {"__typename": "Query"}
    finally:
        await store.close()


@pytest.fixture
def own_mongod(tmp_path: Path) -> Iterator[tuple[str, int]]:
    """The URI and the process id of a server that the test may pause."""
    with embedded_mongod(tmp_path) as uri:
        (lock,) = tmp_path.rglob("mongod.lock")
        process = int(lock.read_text())
        try:
            yield uri, process
        finally:
            os.kill(process, signal.SIGCONT)  # or it could not be stopped


# The driver leaves the socket of an attempt to connect, which it cancels, to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_calls_succeed_soon_after_a_paused_server_goes_on(
    own_mongod: tuple[str, int],
) -> None:
    uri, process = own_mongod
    store = Store.connect(uri, "nothing", timeout_s=5)
    try:
        await store.state()
        os.kill(process, signal.SIGSTOP)
        await _until(store, is_away=True)
        began = time.monotonic()
        for _ in range(30):
            with pytest.raises(Unavailable):
                await store.state()
        assert time.monotonic() - began < 10
        os.kill(process, signal.SIGCONT)
        await _until(store, is_away=False)
    finally:
        await store.close()
        gc.collect()


async def _until(store: Store, *, is_away: bool) -> None:
    """Call until the outage is known, or over."""
    for _ in range(600):
        try:
            store.readers(Audience.PUBLIC)
        except Unavailable:
            if is_away:
                return
        else:
            if not is_away:
                await store.state()
                return
        await asyncio.sleep(0.1)
    raise AssertionError("60 s were not enough")
