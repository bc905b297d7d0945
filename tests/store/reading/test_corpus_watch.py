"""The version of the corpus is known while its server answers, and unknown soon after it stops."""

import asyncio
import logging
import os
import signal
import socket
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from store.documents import CORPUS_ID, Document
from store.embedded import embedded_mongod
from store.embedded.binary import find_mongod
from store.errors import Refused
from store.reading.corpus_watch import MAX_AGE_S, CorpusVersion, CorpusWatch

pytestmark = pytest.mark.anyio

WITHIN_S = 60
PASSWORD = "finder"  # noqa: S105


@pytest.fixture
def database(mongod: str, database_name: str) -> Iterator[Database[Document]]:
    with MongoClient[Document](mongod) as client:
        yield client[database_name]


@asynccontextmanager
async def watching(uri: str, database: str = "newsgraph") -> AsyncIterator[CorpusWatch]:
    """Yield a watch that has had its first answer."""
    watch = CorpusWatch(uri, database)
    async with watch.running():
        await until(lambda: watch.current is not None)
        yield watch


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not condition():  # noqa: ASYNC110 (most conditions have no event)
            await asyncio.sleep(0.01)


async def changed(watch: CorpusWatch, known: CorpusVersion | None) -> CorpusVersion:
    async with asyncio.timeout(WITHIN_S):
        return await watch.after(known)


def raise_version(database: Database[Document], site: int | None = None) -> None:
    values = {} if site is None else {"$set": {"siteVersion": site}}
    update = {"$inc": {"version": 1}, **values}
    database["meta"].update_one({"_id": CORPUS_ID}, update, upsert=True)


async def test_each_change_is_reported(
    mongod: str, database_name: str, database: Database[Document]
) -> None:
    async with watching(mongod, database_name) as watch:
        await until(lambda: watch.current == (0, 0))
        waiting = [asyncio.create_task(changed(watch, CorpusVersion(0, 0))) for _ in range(3)]
        await asyncio.sleep(0)
        raise_version(database)
        assert await asyncio.gather(*waiting) == [(1, 0)] * 3
        raise_version(database, site=2)
        assert await changed(watch, CorpusVersion(1, 0)) == (2, 2)
        await until(lambda: watch.current == (2, 2))
        assert await changed(watch, None) == (2, 2)


async def test_a_deleted_corpus_begins_again(
    mongod: str, database_name: str, database: Database[Document]
) -> None:
    raise_version(database)
    async with watching(mongod, database_name) as watch:
        await until(lambda: watch.current == (1, 0))
        database.client.drop_database(database_name)
        assert await changed(watch, CorpusVersion(1, 0)) == (0, 0)
        raise_version(database)
        assert await changed(watch, CorpusVersion(0, 0)) == (1, 0)


async def test_what_else_is_written_is_not_reported(
    mongod: str, database_name: str, database: Database[Document]
) -> None:
    async with watching(mongod, database_name) as watch:
        other = asyncio.create_task(watch.after(watch.current))
        database["meta"].insert_one({"_id": "other"})
        database["items"].insert_one({"_id": CORPUS_ID})
        await asyncio.sleep(0.5)
        assert not other.done()
        other.cancel()


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def test_a_version_is_current_for_a_limited_time(mongod: str, database_name: str) -> None:
    clock = Clock()
    watch = CorpusWatch(mongod, database_name, clock)
    assert watch.current is None
    async with watch.running():
        await until(lambda: watch.current is not None)
    clock.now = MAX_AGE_S - 0.01  # nothing asks any more
    assert watch.current == (0, 0)
    clock.now = MAX_AGE_S
    assert watch.current is None


async def test_an_unusable_uri_is_refused() -> None:
    with pytest.raises(Refused):
        CorpusWatch("mongodb://host:port", "nothing")


@pytest.fixture(scope="module")
def own_mongod(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[str, Callable[[], int]]]:
    """The URI of a server that tests may pause and kill, and what returns its process id."""
    folder = tmp_path_factory.mktemp("own")
    with embedded_mongod(folder) as uri:
        (lock,) = folder.rglob("mongod.lock")
        yield uri, lambda: int(lock.read_text() or 0)


async def test_a_paused_server_is_noticed_and_its_return_too(
    own_mongod: tuple[str, Callable[[], int]], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "newsgraph.corpus")
    uri, process_of = own_mongod
    process = process_of()
    with MongoClient[Document](uri) as client:
        async with watching(uri) as watch:
            os.kill(process, signal.SIGSTOP)
            try:
                await until(lambda: watch.current is None)
                await until(lambda: "is not watched" in caplog.text)
            finally:
                os.kill(process, signal.SIGCONT)
            await until(lambda: watch.current is not None)
            raise_version(client["newsgraph"])
            assert await changed(watch, CorpusVersion(0, 0)) == (1, 0)
    # Once for each outage, of which a busy machine may see more than this one.
    said = [one.levelname for one in caplog.records if one.name == "newsgraph.corpus"]
    assert all(one != other for one, other in pairwise(said))


async def test_a_watch_ends_while_its_server_hangs(
    own_mongod: tuple[str, Callable[[], int]],
) -> None:
    uri, process_of = own_mongod
    process = process_of()
    try:
        async with asyncio.timeout(WITHIN_S), watching(uri):
            os.kill(process, signal.SIGSTOP)
            await asyncio.sleep(0.5)
    finally:
        os.kill(process, signal.SIGCONT)


async def test_a_change_while_the_server_is_killed_and_restarted_is_not_missed(
    own_mongod: tuple[str, Callable[[], int]],
) -> None:
    uri, process_of = own_mongod
    with MongoClient[Document](uri) as client:
        async with watching(uri, "killed") as watch:
            raise_version(client["killed"])
            os.kill(process_of(), signal.SIGKILL)
            await until(lambda: watch.current is None)
            await asyncio.to_thread(raise_version, client["killed"])  # once it is back
            await until(lambda: watch.current == (2, 0))


@pytest.fixture
def standalone(tmp_path: Path) -> Iterator[str]:
    """The URI of a server that is no replica set, and so has no change streams."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command: list[str | Path] = [find_mongod().program, "--quiet", "--dbpath", tmp_path]
    command += ["--port", str(port), "--bind_ip", "127.0.0.1", "--nounixsocket"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    yield f"mongodb://127.0.0.1:{port}"
    process.kill()
    process.wait()


async def test_a_server_without_change_streams_is_asked(standalone: str) -> None:
    with MongoClient[Document](standalone) as client:
        async with watching(standalone) as watch:
            raise_version(client["newsgraph"])
            assert await changed(watch, CorpusVersion(0, 0)) == (1, 0)


async def test_a_user_who_may_only_find_gets_the_version(
    mongod: str, database_name: str, database: Database[Document]
) -> None:
    resource = {"db": database_name, "collection": "meta"}
    privileges = [{"resource": resource, "actions": ["find"]}]
    database.command("createRole", "finder", privileges=privileges, roles=[])
    database.command("createUser", "finder", pwd=PASSWORD, roles=["finder"])
    uri = f"mongodb://finder:{PASSWORD}@{urlsplit(mongod).netloc.rpartition('@')[2]}"
    uri += f"/?authSource={database_name}&directConnection=true"
    try:
        async with watching(uri, database_name) as watch:
            raise_version(database)
            assert await changed(watch, CorpusVersion(0, 0)) == (1, 0)
    finally:
        database.command("dropUser", "finder")
        database.command("dropRole", "finder")
