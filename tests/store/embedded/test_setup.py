"""What a server is set up as: a replica set of one that lets nobody in without a password."""

import socket
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure, ServerSelectionTimeoutError

from store.embedded import embedded_mongod, setup
from tests.store.embedded.processes import insert_and_count


def test_nobody_can_use_the_server_without_its_password(mongod: str) -> None:
    stranger = mongod.replace(mongod.split("//")[1].split("@")[0] + "@", "")
    with MongoClient[dict[str, object]](stranger) as client:
        for command in ("listDatabases", "shutdown"):
            with pytest.raises(OperationFailure, match="requires authentication"):
                client.admin.command(command)
        with pytest.raises(OperationFailure, match="requires authentication"):
            client.admin.command("createUser", "me", pwd="mine", roles=["root"])  # noqa: S106
    wrong = mongod.replace("newsgraph:", "newsgraph:x")
    with (
        MongoClient[dict[str, object]](wrong) as client,
        pytest.raises(OperationFailure, match="Authentication failed"),
    ):
        client.admin.command("listDatabases")


@pytest.mark.slow
def test_the_replica_set_moves_when_another_program_has_taken_its_port(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with embedded_mongod(tmp_path) as uri:
        assert insert_and_count(uri) == 1
        port = int(uri.split(":")[3].split("/")[0])
    # mongod does not start in a locale that is not installed, unless told another.
    monkeypatch.setenv("LC_ALL", "xx_XX.UTF-8")
    with _listen_on(port) as other:
        threading.Thread(target=_hang_up, args=(other,), daemon=True).start()
        with embedded_mongod(tmp_path) as moved:
            assert moved != uri
            assert insert_and_count(moved) == 2


def test_waiting_for_the_server_ends_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "TIMEOUT_S", 0.03)
    with pytest.raises(ServerSelectionTimeoutError, match=r"^the election took more than 0\.03 s"):
        setup._wait_until(lambda: False, "the election")


def _listen_on(port: int) -> socket.socket:
    """Listen on a port as soon as its last connection has closed."""
    for _ in range(6000):
        with suppress(OSError):
            return socket.create_server(("127.0.0.1", port))
        time.sleep(0.01)
    raise OSError(f"port {port} is taken")


def _hang_up(listener: socket.socket) -> None:
    with suppress(OSError):
        while True:
            listener.accept()[0].close()
