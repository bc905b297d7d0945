"""Processes that share a server, join it, die, and leave it behind."""

import os
import signal
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Event

import pytest
from pymongo import AsyncMongoClient

from store.embedded import embedded_mongod
from store.embedded.errors import DeletedFolder
from tests.store.embedded.processes import insert_and_count, server_of, users


def test_processes_that_start_at_once_share_one_server_and_the_last_stops_it(
    tmp_path: Path,
) -> None:
    with users(tmp_path, 3) as (first, second, third):
        assert first.uri() == second.uri() == third.uri() != ""
        server = server_of(tmp_path)
        assert server is not None
        first.leave()
        second.leave()
        assert server_of(tmp_path) == server
        third.leave()
        assert server_of(tmp_path) is None


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_the_server_outlives_the_process_that_started_it(
    tmp_path: Path, number: signal.Signals
) -> None:
    with users(tmp_path, 1) as (starter,):
        uri = starter.uri()
        with embedded_mongod(tmp_path) as joined:
            assert joined == uri
            starter.end(number)
            assert insert_and_count(uri) == 1
            with embedded_mongod(tmp_path) as third:
                assert third == uri
            assert server_of(tmp_path) is not None
        assert server_of(tmp_path) is None


def test_a_server_that_a_killed_process_left_running_is_joined_and_stopped(
    tmp_path: Path,
) -> None:
    with users(tmp_path, 1) as (starter,):
        uri = starter.uri()
        starter.end(signal.SIGKILL)
        server = server_of(tmp_path)
        with embedded_mongod(tmp_path) as joined:
            assert joined == uri
            assert server_of(tmp_path) == server
        assert server_of(tmp_path) is None


def test_users_of_a_deleted_folder_do_not_stop_the_server_of_the_new_one(tmp_path: Path) -> None:
    lost = Event()
    with ExitStack() as former:
        former.enter_context(embedded_mongod(tmp_path, lambda _: lost.set()))
        server = server_of(tmp_path)
        assert server is not None
        (tmp_path / "mongodb").rename(tmp_path / "deleted")
        with embedded_mongod(tmp_path) as uri:
            assert lost.wait(60)
            with pytest.raises(DeletedFolder, match=r"was deleted while"):
                former.close()
            assert insert_and_count(uri) == 1
        with suppress(ProcessLookupError):  # without its files it may have died already
            os.kill(server, signal.SIGKILL)


@pytest.mark.anyio
async def test_the_uri_serves_asynchronous_clients_and_change_streams(
    mongod: str, database_name: str
) -> None:
    async with AsyncMongoClient[dict[str, object]](mongod) as client:
        collection = client[database_name].items
        async with await collection.watch() as changes:
            await collection.insert_one({"_id": "item:1"})
            assert (await anext(changes))["documentKey"] == {"_id": "item:1"}
