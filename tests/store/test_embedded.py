"""The embedded server: real processes that start it, share it, die, and leave things behind."""

import fcntl
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from bson import decode, encode
from pymongo import AsyncMongoClient, MongoClient
from pymongo.errors import OperationFailure

from store.embedded import embedded_mongod
from store.embedded.binary import find_mongod
from store.embedded.errors import (
    BrokenMongod,
    ForeignFolder,
    MongodDied,
    NoMongod,
    UnusableFolder,
)

USE = """
import sys
from pathlib import Path
from store.embedded import embedded_mongod

with embedded_mongod(Path(sys.argv[1])) as uri:
    print(uri, flush=True)
    sys.stdin.read()
"""
# Killed once mongod listens: before it is a replica set, or as one that has no user yet.
DIE = """
import os, signal, sys
from store.embedded import server, setup

def die(*arguments):
    os.kill(os.getpid(), signal.SIGKILL)

setattr(*{"replica set": (server, "prepare"), "user": (setup, "_set_password")}[sys.argv[2]], die)
"""


class User:
    """A process that uses the server of a folder until told to leave."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", USE, folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def uri(self) -> str:
        """Wait until it has the server."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def leave(self) -> None:
        self.process.communicate(timeout=30)
        assert self.process.returncode == 0

    def end(self, number: signal.Signals) -> None:
        """Send a signal to it and whatever shares its terminal, as Ctrl-C does."""
        os.killpg(self.process.pid, number)
        self.process.communicate(timeout=30)


@contextmanager
def users(folder: Path, count: int) -> Iterator[list[User]]:
    """Processes that start at once, and do not outlive the test."""
    group = [User(folder) for _ in range(count)]
    try:
        yield group
    finally:
        for user in group:
            with suppress(ProcessLookupError):
                user.end(signal.SIGKILL)
        if server := server_of(folder):
            os.kill(server, signal.SIGKILL)


def start(folder: Path) -> None:
    """Start the folder's server, and stop it."""
    with embedded_mongod(folder):
        pass


def server_of(folder: Path) -> int | None:
    """The id of the folder's mongod; None if none runs."""
    pid = (folder / "mongodb/data/mongod.lock").read_text().strip()
    # It can be dead and yet listed, as long as nobody has asked what became of it.
    status = Path(f"/proc/{pid}/status")
    if not pid or not status.exists() or "\nState:\tZ" in status.read_text():
        return None
    return int(pid)


def count(uri: str) -> int:
    """Write a document, and tell how many there are."""
    with MongoClient[dict[str, object]](uri, serverSelectionTimeoutMS=5000) as client:
        client.test.visits.insert_one({})
        return client.test.visits.count_documents({})


def program(folder: Path, script: str) -> Path:
    """A `mongod` in a folder of its own, to be put on PATH."""
    path = folder / "bin" / "mongod"
    path.parent.mkdir()
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A system whose PATH holds nothing but this folder's `bin`, without the `embedded` extra."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr("store.embedded.binary.find_spec", lambda name: None)
    return tmp_path


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
            assert count(uri) == 1
            with embedded_mongod(tmp_path) as third:
                assert third == uri
            assert server_of(tmp_path) is not None
        assert server_of(tmp_path) is None


def test_the_server_that_a_killed_process_left_running_is_joined_and_stopped(
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


@pytest.mark.slow
def test_a_server_that_was_killed_starts_again_with_what_it_had_acknowledged(
    tmp_path: Path,
) -> None:
    with embedded_mongod(tmp_path) as uri:
        assert count(uri) == 1
        server = server_of(tmp_path)
        assert server is not None
        os.kill(server, signal.SIGKILL)
        with (tmp_path / "mongodb/data/mongod.lock").open() as file:
            fcntl.flock(file, fcntl.LOCK_SH)  # until it is gone
        with embedded_mongod(tmp_path) as again:
            # The same port and password: whoever used it before goes on.
            assert again == uri
            assert count(uri) == 2


@pytest.mark.slow
@pytest.mark.parametrize("missing", ["replica set", "user"])
def test_a_start_that_was_cut_short_is_finished_by_the_next(tmp_path: Path, missing: str) -> None:
    died = subprocess.run([sys.executable, "-c", DIE + USE, tmp_path, missing], check=False)
    assert died.returncode == -signal.SIGKILL
    assert server_of(tmp_path) is not None
    with embedded_mongod(tmp_path) as uri:
        assert count(uri) == 1
    assert server_of(tmp_path) is None


@pytest.mark.slow
def test_files_that_a_crash_left_behind_do_not_matter(tmp_path: Path) -> None:
    with embedded_mongod(tmp_path) as uri:
        assert count(uri) == 1
    folder = tmp_path / "mongodb"
    (folder / "server.json").write_text('{"port": 1')
    # The id of a process that lives, and is no server.
    (folder / "data/mongod.lock").write_text(f"{os.getpid()}\n")
    with embedded_mongod(tmp_path) as uri:
        assert count(uri) == 2


def test_a_server_in_a_folder_made_anew_is_not_stopped_by_users_of_the_one_before(
    tmp_path: Path,
) -> None:
    with ExitStack() as former:
        former.enter_context(embedded_mongod(tmp_path))
        server = server_of(tmp_path)
        assert server is not None
        (tmp_path / "mongodb").rename(tmp_path / "deleted")
        with embedded_mongod(tmp_path) as uri:
            former.close()
            assert count(uri) == 1
        os.kill(server, signal.SIGKILL)


@pytest.mark.slow
def test_the_replica_set_follows_when_another_program_has_taken_its_port(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with embedded_mongod(tmp_path) as uri:
        assert count(uri) == 1
        port = int(uri.split(":")[3].split("/")[0])
    # mongod does not start in a locale that is not installed, unless told another.
    monkeypatch.setenv("LC_ALL", "xx_XX.UTF-8")
    with occupied(port) as other:
        threading.Thread(target=_hang_up, args=(other,), daemon=True).start()
        with embedded_mongod(tmp_path) as moved:
            assert moved != uri
            assert count(moved) == 2


def occupied(port: int) -> socket.socket:
    """Listen on a port, as soon as what was said there last is forgotten."""
    for _ in range(100):
        with suppress(OSError):
            return socket.create_server(("127.0.0.1", port))
        time.sleep(0.01)
    raise OSError(f"port {port} is taken")


def _hang_up(listener: socket.socket) -> None:
    with suppress(OSError):
        while True:
            listener.accept()[0].close()


def test_nobody_else_can_read_its_files_or_use_it(tmp_path: Path) -> None:
    (tmp_path / "mongodb").mkdir(mode=0o755)
    with embedded_mongod(tmp_path) as uri:
        modes = {
            path: stat.S_IMODE(path.stat().st_mode)
            for path in [tmp_path / "mongodb", *(tmp_path / "mongodb").rglob("*")]
        }
        assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
        assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}
        assert not [path for path in modes if path.is_socket()]

        stranger = uri.replace(uri.split("//")[1].split("@")[0] + "@", "")
        with MongoClient[dict[str, object]](stranger) as client:
            for command in ("listDatabases", "shutdown"):
                with pytest.raises(OperationFailure, match="requires authentication"):
                    client.admin.command(command)
            with pytest.raises(OperationFailure, match="requires authentication"):
                client.admin.command("createUser", "me", pwd="mine", roles=["root"])  # noqa: S106 - fails
        wrong = uri.replace("newsgraph:", "newsgraph:x")
        with (
            MongoClient[dict[str, object]](wrong) as client,
            pytest.raises(OperationFailure, match="Authentication failed"),
        ):
            client.admin.command("listDatabases")


@pytest.mark.anyio
async def test_the_uri_serves_asynchronous_clients_and_change_streams(
    mongod: str, database_name: str
) -> None:
    async with AsyncMongoClient[dict[str, object]](mongod) as client:
        collection = client[database_name].items
        async with await collection.watch() as changes:
            await collection.insert_one({"_id": "item:1"})
            assert (await anext(changes))["documentKey"] == {"_id": "item:1"}


def test_says_what_to_install_or_set_when_there_is_no_mongod(only: Path) -> None:
    with pytest.raises(NoMongod, match=r"no MongoDB server.*embedded.*NEWSGRAPH_MONGODB_URI"):
        start(only / "data")


def test_passes_over_a_mongod_that_is_too_old(only: Path) -> None:
    old = program(only, "echo db version v5.0.31")
    with pytest.raises(NoMongod, match=f"{old} is 5.0.31, which is too old"):
        find_mongod()


def test_names_the_package_of_a_library_that_is_missing(only: Path) -> None:
    program(
        only,
        "echo mongod: error while loading shared libraries: libcurl.so.4: cannot open shared "
        "object file: No such file or directory >&2; exit 127",
    )
    with pytest.raises(BrokenMongod, match=r"libcurl\.so\.4 is missing.*apt-get install libcurl4"):
        find_mongod()


def test_takes_the_extra_when_the_mongod_on_path_cannot_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = program(tmp_path, "exit 1")
    monkeypatch.setenv("PATH", str(broken.parent))
    assert find_mongod().program != broken


def test_rather_takes_the_mongod_whose_version_made_the_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = program(tmp_path, "echo db version v97.0.1")
    monkeypatch.setenv("PATH", f"{newer.parent}{os.pathsep}{os.environ['PATH']}")
    assert find_mongod().program == newer
    assert find_mongod(made_by="97.0.0").program == newer
    assert find_mongod(made_by="6.0.1").series == (6, 0)


def test_tells_which_version_made_data_that_this_one_cannot_open(tmp_path: Path) -> None:
    start(tmp_path)
    folder = tmp_path / "mongodb"
    # What MongoDB 3.6 writes when it runs on its first storage engine.
    metadata = decode((folder / "data/storage.bson").read_bytes())
    metadata["storage"]["engine"] = "mmapv1"
    (folder / "data/storage.bson").write_bytes(encode(metadata))
    (folder / "server.json").write_text('{"port": 0, "ready": false, "version": "3.6.23"}')
    with pytest.raises(ForeignFolder, match=r"made by MongoDB 3\.6\.23.*mmapv1.*delete") as caught:
        start(tmp_path)
    assert caught.value.made_by == "3.6.23"


def test_gives_the_first_error_of_the_log_when_mongod_dies_while_starting(tmp_path: Path) -> None:
    data = tmp_path / "mongodb" / "data"
    data.mkdir(parents=True)
    (data / "WiredTiger.turtle").write_text("garbage")
    (data / "WiredTiger.wt").touch()
    with pytest.raises(MongodDied, match=r"database corruption.*mongod\.log.*load your files"):
        start(tmp_path)
    assert server_of(tmp_path) is None


def test_says_which_folder_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnusableFolder, match=r"file/data/mongodb: Not a directory.*DATA_DIR"):
        start(tmp_path / "file" / "data")


def test_says_so_when_the_disk_is_full(only: Path) -> None:
    program(
        only,
        "[ $1 = --version ] && echo db version v6.0.5 && exit\n"
        'echo \'{"s":"E","msg":"WiredTiger error message","attr":{"message":{"msg":"write",'
        '"error_str":"No space left on device"}}}\' > mongod.log; exit 14',
    )
    with pytest.raises(UnusableFolder, match=r"No space left on device.*Make room"):
        start(only / "data")


def test_rotates_a_log_that_has_grown_and_keeps_one_old_one(tmp_path: Path) -> None:
    log, old = tmp_path / "mongodb/mongod.log", tmp_path / "mongodb/mongod.log.1"
    log.parent.mkdir()
    log.write_text("of an earlier start")
    with embedded_mongod(tmp_path):
        assert old.read_text() == "of an earlier start"
        os.truncate(log, 17 * 1024 * 1024)
        with embedded_mongod(tmp_path):
            while not log.exists():
                time.sleep(0.01)  # until the server has seen the signal
        assert log.stat().st_size < 1024 * 1024 < old.stat().st_size
    assert set(log.parent.glob("*.log*")) == {log, old}
