"""A server that dies while it is in use: it is started again, or its users learn why not."""

import json
import logging
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Event

import pytest
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from store.embedded import embedded_mongod, launch, server, watch
from store.embedded.binary import Mongod
from store.embedded.errors import (
    DeletedFolder,
    EmbeddedServerError,
    MongodDied,
    MovedServer,
    UnusableFolder,
)
from store.embedded.folder import Folder
from store.embedded.launch import LaunchFailed
from tests.store.embedded.processes import insert_and_count, server_of, users, wait_until


@contextmanager
def _losing(
    folder: Path, error: type[EmbeddedServerError], match: str
) -> Iterator[tuple[str, Event]]:
    """Use a server that is lost in the `with` block; yields its URI, and whether it is lost."""
    lost = Event()
    with ExitStack() as stack:
        uri = stack.enter_context(embedded_mongod(folder, lambda _: lost.set()))
        yield uri, lost
        assert lost.wait(60)
        with pytest.raises(error, match=match):
            stack.close()


def _kill_server(folder: Path) -> int:
    """Kill the server, and return its process id."""
    pid = server_of(folder)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    return pid


def _is_alive_again(folder: Path, killed: int) -> Callable[[], bool]:
    return lambda: server_of(folder) not in (None, killed)


def test_a_server_that_was_killed_is_started_again_and_the_log_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    restarted = Event()
    with (
        caplog.at_level(logging.WARNING, "newsgraph.embedded"),
        embedded_mongod(tmp_path, on_restart=restarted.set) as uri,
    ):
        assert insert_and_count(uri) == 1
        killed = _kill_server(tmp_path)
        assert not restarted.is_set()
        assert restarted.wait(60)
        assert server_of(tmp_path) not in (None, killed)
        assert insert_and_count(uri) == 2
    assert caplog.messages == [
        "The embedded MongoDB died: it was killed, as the system does when memory runs out. "
        "It was started again."
    ]
    assert server_of(tmp_path) is None


def test_all_users_go_on_with_the_server_that_one_of_them_started(tmp_path: Path) -> None:
    with users(tmp_path, 2) as (first, second):
        uri = first.uri()
        assert second.uri() == uri
        killed = _kill_server(tmp_path)
        wait_until(_is_alive_again(tmp_path, killed))
        assert _count_soon(uri) == 1
        again = server_of(tmp_path)
        first.leave()
        assert server_of(tmp_path) == again
        second.leave()
        assert server_of(tmp_path) is None


def test_a_server_that_dies_again_and_again_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "TRIES", 1)
    match = r"died 1 times; the last time, it was told to stop"
    with _losing(tmp_path, MongodDied, match):
        killed = _kill_server(tmp_path)
        wait_until(_is_alive_again(tmp_path, killed))
        wait_until(lambda: Folder.at(tmp_path).state.ready)
        pid = server_of(tmp_path)
        assert pid is not None
        os.kill(pid, signal.SIGTERM)


def test_a_start_that_fails_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failures = [LaunchFailed(1, "of bad luck")]

    def fail_once(mongod: Mongod, folder: Folder, port: int) -> None:
        if failures:
            folder.log.unlink()  # it fails before it writes one
            raise failures.pop()
        launch.launch(mongod, folder, port)

    with embedded_mongod(tmp_path) as uri:
        monkeypatch.setattr(server, "launch", fail_once)
        killed = _kill_server(tmp_path)
        wait_until(_is_alive_again(tmp_path, killed))
        assert _count_soon(uri) == 1
    assert "did not start: of bad luck" in caplog.messages[0]


def test_a_full_disk_is_named_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "MIN_FREE_MB", 2**40)
    with _losing(tmp_path, UnusableFolder, r"No space left on device\. Free disk space"):
        entry = {"s": "F", "msg": "It broke", "attr": {"error": "No space left on device"}}
        with (tmp_path / "mongodb/mongod.log").open("a") as log:
            log.write(json.dumps(entry) + "\n")
        _kill_server(tmp_path)
    assert server_of(tmp_path) is None


def test_a_server_that_is_started_on_another_port_is_lost(tmp_path: Path) -> None:
    with _losing(tmp_path, MovedServer, "another program took its port"):
        folder = Folder.at(tmp_path)
        folder.update(port=folder.state.port - 1, ready=True)


def test_a_folder_that_is_deleted_is_named(tmp_path: Path) -> None:
    with _losing(tmp_path, DeletedFolder, "mongodb was deleted") as (_, lost):
        pid = server_of(tmp_path)
        assert pid is not None
        (tmp_path / "mongodb").rename(tmp_path / "elsewhere")
        assert lost.wait(60)
        os.kill(pid, signal.SIGKILL)


@contextmanager
def _small_disk(path: Path) -> Iterator[Path]:
    """Mount a disk of 330 MB: room for an empty server, and a little more."""
    path.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=330m", "none", str(path)]
    try:
        done = subprocess.run(mount, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no `mount`")
    if done.returncode:
        pytest.skip("only root may mount a disk")
    try:
        yield path
    finally:
        subprocess.run(["umount", "-l", str(path)], check=True)


@pytest.mark.slow
def test_a_real_disk_that_fills_up_is_named_at_once(tmp_path: Path) -> None:
    match = r"No space left on device\. Free disk space"
    with (
        _small_disk(tmp_path / "disk") as disk,
        _losing(disk, UnusableFolder, match) as (uri, _),
        MongoClient[dict[str, object]](uri, serverSelectionTimeoutMS=100) as client,
        suppress(PyMongoError),
    ):
        while True:
            client.test.big.insert_one({"text": os.urandom(8_000_000)})


def _count_soon(uri: str) -> int:
    """Write and count as soon as the server is a primary again."""
    counts: list[int] = []

    def is_counted() -> bool:
        try:
            counts.append(insert_and_count(uri))
        except PyMongoError:
            return False
        return True

    wait_until(is_counted)
    return counts[0]
