"""Starts after crashes, and starts that fail with one of the `errors`."""

import errno
import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from bson import decode, encode

from store.embedded import embedded_mongod, launch, server
from store.embedded.binary import Mongod
from store.embedded.errors import ForeignFolder, MongodDied, NoMemory, UnusableFolder
from store.embedded.folder import Folder
from store.embedded.launch import PORT_TAKEN, LaunchFailed
from tests.store.embedded.processes import (
    USE,
    insert_and_count,
    server_of,
    start_and_stop,
    users,
    wait_until,
    write_mongod,
)

# Killed once mongod listens: before it is a replica set, or as one that has no user yet.
DIE = """
import os, signal, sys
from store.embedded import server, setup

def die(*arguments):
    os.kill(os.getpid(), signal.SIGKILL)

setattr(*{"replica set": (server, "prepare"), "user": (setup, "_set_password")}[sys.argv[2]], die)
"""


@pytest.mark.slow
def test_a_killed_server_starts_again_with_all_acknowledged_writes(tmp_path: Path) -> None:
    with embedded_mongod(tmp_path) as uri:
        assert insert_and_count(uri) == 1
        process = server_of(tmp_path)
        assert process is not None
        os.kill(process, signal.SIGKILL)
        with (tmp_path / "mongodb/data/mongod.lock").open() as file:
            fcntl.flock(file, fcntl.LOCK_SH)  # until it is gone
        with embedded_mongod(tmp_path) as again:
            # The port and password stay, so clients reconnect.
            assert again == uri
            assert insert_and_count(uri) == 2


@pytest.mark.slow
@pytest.mark.parametrize("missing", ["replica set", "user"])
def test_an_interrupted_start_is_completed_by_the_next(tmp_path: Path, missing: str) -> None:
    died = subprocess.run([sys.executable, "-c", DIE + USE, tmp_path, missing], check=False)
    assert died.returncode == -signal.SIGKILL
    assert server_of(tmp_path) is not None
    with embedded_mongod(tmp_path) as uri:
        assert insert_and_count(uri) == 1
    assert server_of(tmp_path) is None


@pytest.mark.slow
def test_files_that_a_crash_left_behind_do_not_matter(tmp_path: Path) -> None:
    with embedded_mongod(tmp_path) as uri:
        assert insert_and_count(uri) == 1
    folder = tmp_path / "mongodb"
    (folder / "server.json").write_text('{"port": 1')
    # The id of a process that is running and is not a server.
    (folder / "data/mongod.lock").write_text(f"{os.getpid()}\n")
    with embedded_mongod(tmp_path) as uri:
        assert insert_and_count(uri) == 2


def test_another_port_is_tried_when_mongod_finds_its_port_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    launch_mongod = launch.launch
    ports: list[int] = []

    def taken_once(mongod: Mongod, folder: Folder, port: int) -> None:
        ports.append(port)
        if len(ports) == 1:
            raise LaunchFailed(PORT_TAKEN, "taken")
        launch_mongod(mongod, folder, port)

    monkeypatch.setattr(server, "launch", taken_once)
    start_and_stop(tmp_path)
    assert len(ports) == 2


def test_a_start_fails_when_mongod_finds_every_port_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken(_: Mongod, __: Folder, port: int) -> None:
        raise LaunchFailed(PORT_TAKEN, f"{port} is taken")

    monkeypatch.setattr(server, "launch", taken)
    with pytest.raises(MongodDied, match=r"did not start: \d+ is taken"):
        start_and_stop(tmp_path)


def test_an_error_names_the_version_that_made_data_which_this_one_cannot_open(
    tmp_path: Path,
) -> None:
    start_and_stop(tmp_path)
    folder = tmp_path / "mongodb"
    # What MongoDB 3.6 writes when it runs on its first storage engine.
    metadata = decode((folder / "data/storage.bson").read_bytes())
    metadata["storage"]["engine"] = "mmapv1"
    (folder / "data/storage.bson").write_bytes(encode(metadata))
    (folder / "server.json").write_text('{"port": 0, "ready": false, "version": "3.6.23"}')
    expected = r"created by MongoDB 3\.6\.23.*mmapv1.*delete"
    with pytest.raises(ForeignFolder, match=expected) as caught:
        start_and_stop(tmp_path)
    assert caught.value.made_by == "3.6.23"


def test_an_error_quotes_the_log_when_mongod_exits_while_starting(tmp_path: Path) -> None:
    data = tmp_path / "mongodb" / "data"
    data.mkdir(parents=True)
    (data / "WiredTiger.turtle").write_text("garbage")
    (data / "WiredTiger.wt").touch()
    with pytest.raises(MongodDied, match=r"database corruption.*mongod\.log.*load your files"):
        start_and_stop(tmp_path)
    assert server_of(tmp_path) is None


def test_an_error_says_that_the_disk_is_full(bare_system: Path) -> None:
    write_mongod(
        bare_system,
        "[ $1 = --version ] && echo db version v6.0.5 && exit\n"
        'echo \'{"s":"E","msg":"WiredTiger error message","attr":{"message":{"msg":"write",'
        '"error_str":"No space left on device"}}}\' > mongod.log; exit 14',
    )
    with pytest.raises(UnusableFolder, match=r"No space left on device.*Free disk space"):
        start_and_stop(bare_system / "data")


@pytest.mark.parametrize(
    ("entry", "error", "match"),
    [
        (
            '{"s":"E","msg":"Fatal","attr":{"message":"Permission denied"}}',
            UnusableFolder,
            "denied",
        ),
        ('{"s":"E","msg":"Failed to JS_Init()"}', NoMemory, r"JS_Init.*Free memory"),
        ('{"s":"I","msg":"Starting"}', MongodDied, "it was killed, as the system does when memory"),
    ],
)
def test_the_log_shows_what_a_start_lacked(
    bare_system: Path, entry: str, error: type[Exception], match: str
) -> None:
    version = "[ $1 = --version ] && echo db version v6.0.5 && exit"
    write_mongod(bare_system, f"{version}\necho '{entry}' > mongod.log; exit 14")
    with pytest.raises(error, match=match):
        start_and_stop(bare_system / "data")


def test_a_process_that_cannot_be_started_for_lack_of_memory_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Mongod, __: Folder, ___: int) -> None:
        raise OSError(errno.ENOMEM, os.strerror(errno.ENOMEM))

    monkeypatch.setattr(server, "launch", refuse)
    with pytest.raises(NoMemory, match=r"enough memory: Cannot allocate memory\. Free memory"):
        start_and_stop(tmp_path)


@pytest.mark.slow
def test_a_real_limit_on_memory_is_named(tmp_path: Path) -> None:
    limited = "import resource; resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))\n"
    process = subprocess.run(
        [sys.executable, "-c", limited + USE, tmp_path],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "NoMemory: The embedded MongoDB did not get enough memory" in process.stderr


@pytest.mark.parametrize("name", ["server.json", "password", "data/mongod.lock"])
def test_a_file_that_cannot_be_read_is_named_with_its_folder(tmp_path: Path, name: str) -> None:
    Folder.at(tmp_path).path.joinpath(name).mkdir()  # the tests may run as root, who reads any file
    with pytest.raises(UnusableFolder, match="mongodb: Is a directory"):
        start_and_stop(tmp_path)


def test_an_interrupt_while_mongod_starts_leaves_nothing_behind(tmp_path: Path) -> None:
    with users(tmp_path, 1) as (user,):
        wait_until((tmp_path / "mongodb/data/mongod.lock").exists)
        user.end(signal.SIGINT)
        assert user.process.returncode in (1, -signal.SIGINT)
        assert server_of(tmp_path) is None
    with embedded_mongod(tmp_path) as uri:
        assert insert_and_count(uri) == 1


def test_little_free_space_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(server, "MIN_FREE_MB", 2**40)
    with embedded_mongod(tmp_path):
        pass
    assert "MB are free on the disk of" in caplog.messages[0]


def test_an_error_names_a_folder_that_vanishes_while_starting(bare_system: Path) -> None:
    folder = bare_system / "data/mongodb"
    write_mongod(bare_system, f"/bin/rm -r {folder} && echo db version v6.0.5")
    with pytest.raises(UnusableFolder, match=f"cannot write to {folder}: No such file"):
        start_and_stop(bare_system / "data")
