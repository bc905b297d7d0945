"""Real processes and a real server, stopped in the middle of their work.

Covers `loaders/load.py`, `loaders/workers.py`, `store/writing/session.py` and `api/progress.py`.
"""

import contextlib
import fcntl
import json
import os
import pty
import re
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from loaders.load import load
from loaders.options import Options
from store.documents import Document
from store.embedded import embedded_mongod
from store.errors import Unavailable
from store.writing.taxonomies import TaxonomyWriter
from tests.command import NEWSGRAPH, environment
from tests.loaders.conftest import Loader, Snapshot, write

pytestmark = pytest.mark.slow
FILES = 1500


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough files for several batches and several processes."""
    root = tmp_path_factory.mktemp("content")
    for number in range(FILES):
        write(
            root / str(number % 7) / f"{number}.md",
            f"---\ntitle: Title {number}\nwebUrl: https://example.com/{number // 2}\n"
            f"updatedDateTime: 2020-01-{number % 28 + 1:02}\ntopics: [Topic {number % 5}]\n"
            f"provider: {{name: Paper, domain: p{number % 11}.example}}\n---\n",
        )
    return root


def _command(loader: Loader, *arguments: object, uri: str | None = None) -> dict[str, Any]:
    return {
        "args": [NEWSGRAPH, "load", *map(str, arguments), "--json"],
        "env": environment(MONGODB_URI=uri or loader.uri, DATABASE=loader.database.name),
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
    }


@contextmanager
def _loading(loader: Loader, content: Path, least: int) -> Iterator[subprocess.Popen[bytes]]:
    """Yield a load that has written some items and still runs."""
    with subprocess.Popen(**_command(loader, content)) as process:
        while process.poll() is None:
            if loader.database["items"].estimated_document_count() >= least:
                break
            time.sleep(0.01)
        yield process
        process.kill()


def _without_intents(snapshot: Snapshot) -> Snapshot:
    return snapshot | {"intents": []}


def _drop_all(loader: Loader) -> None:
    for name in loader.database.list_collection_names():
        loader.database[name].drop()


@pytest.fixture(scope="module")
def whole(content: Path, mongod: str) -> Iterator[Snapshot]:
    """What one undisturbed load leaves."""
    with MongoClient[Document](mongod, tz_aware=True) as client:
        loader = Loader(mongod, client["test_whole"])
        loader(content)
        yield loader.snapshot()
        client.drop_database("test_whole")


@pytest.mark.parametrize("least", [0, 1, 300, 700])
def test_a_killed_load_is_finished_by_the_next(
    loader: Loader, content: Path, whole: Snapshot, least: int
) -> None:
    with _loading(loader, content, least) as process:
        process.send_signal(signal.SIGKILL)

    subprocess.run(**_command(loader, content), check=True)

    assert _without_intents(loader.snapshot()) == whole


def test_an_interrupt_finishes_the_batch_and_prints_the_counts(
    loader: Loader, content: Path, whole: Snapshot
) -> None:
    with _loading(loader, content, 1) as process:
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)

    report = json.loads(out)
    assert process.returncode == 130, err
    assert b"finishing up to 250 files; press Ctrl+C again to stop now" in err
    assert 0 < report["inserted"] + report["superseded"] <= FILES
    assert loader.database["files"].count_documents({}) == report["files"]
    subprocess.run(**_command(loader, content), check=True)
    assert loader.snapshot() == whole


def test_a_second_interrupt_stops_at_once_and_the_next_load_finishes(
    loader: Loader, content: Path, whole: Snapshot
) -> None:
    with _loading(loader, content, 1) as process:
        process.send_signal(signal.SIGINT)
        assert process.stderr
        assert b"finishing" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)

    assert process.returncode == 130
    subprocess.run(**_command(loader, content), check=True)
    assert _without_intents(loader.snapshot()) == whole


def test_two_loads_at_once_end_as_one(loader: Loader, content: Path, whole: Snapshot) -> None:
    with (
        subprocess.Popen(**_command(loader, content)) as first,
        subprocess.Popen(**_command(loader, content)) as second,
    ):
        outputs = [process.communicate(timeout=120) for process in (first, second)]

    assert [first.returncode, second.returncode] == [0, 0], outputs
    assert loader.snapshot() == whole


def test_loads_of_overlapping_folders_at_once_end_well(loader: Loader, content: Path) -> None:
    with (
        subprocess.Popen(**_command(loader, content)) as first,
        subprocess.Popen(**_command(loader, content / "3")) as second,
    ):
        outputs = [process.communicate(timeout=120) for process in (first, second)]
    assert [first.returncode, second.returncode] == [0, 0], outputs
    at_once = _without_intents(loader.snapshot())

    _drop_all(loader)
    loader(content / "3")
    loader(content)

    assert _without_intents(loader.snapshot()) == at_once


def test_a_load_waits_for_a_server_that_restarts(
    tmp_path: Path, content: Path, whole: Snapshot
) -> None:
    with (
        embedded_mongod(tmp_path / "data") as uri,
        MongoClient[Document](uri, tz_aware=True) as client,
    ):
        loader = Loader(uri, client["test_restart"])
        pid = client.admin.command("serverStatus")["pid"]
        command = Path(f"/proc/{pid}/cmdline").read_bytes().decode().rstrip("\0").split("\0")
        with _loading(loader, content, 1) as process:
            os.kill(pid, signal.SIGKILL)
            time.sleep(2)
            again = subprocess.Popen(command, stdout=subprocess.DEVNULL)
            out, err = process.communicate(timeout=100)

        assert process.returncode == 0, err
        assert json.loads(out)["failed"] == 0
        assert _without_intents(loader.snapshot()) == whole
        client.admin.command("ping")
    again.wait(timeout=60)


def test_a_server_that_stays_unavailable_ends_the_load_with_advice(
    loader: Loader, content: Path
) -> None:
    with pytest.raises(Unavailable, match="Run the same load again"):
        load(
            [str(content)],
            uri="mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=200",
            database=loader.database.name,
            options=Options(retry_for_s=0.5),
        )


def test_a_server_that_hangs_in_the_last_step_ends_the_load_with_advice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "site/a.md", "---\ntitle: A\nprovider: {name: P, domain: p.example}\n---\n")
    with embedded_mongod(tmp_path / "data") as uri:
        with MongoClient[Document](uri) as client:
            pid = client.admin.command("serverStatus")["pid"]
        recompute = TaxonomyWriter.recompute

        def hang(writer: TaxonomyWriter, ids: Iterable[str]) -> None:
            os.kill(pid, signal.SIGSTOP)
            recompute(writer, ids)

        with monkeypatch.context() as patch:
            patch.setattr(TaxonomyWriter, "recompute", hang)
            try:
                with pytest.raises(Unavailable, match="Run the same load again"):
                    Loader(uri, client["hung"])(tmp_path / "site", retry_for_s=1)
            finally:
                os.kill(pid, signal.SIGCONT)

        with MongoClient[Document](uri, tz_aware=True) as client:
            loader = Loader(uri, client["hung"])
            loader(tmp_path / "site")
            (provider,) = client["hung"]["providers"].find()
            assert provider["editor"]["itemCount"] == 1
            assert loader.snapshot()["intents"] == []


def test_a_terminal_shows_a_bar_with_rate_and_time_left(loader: Loader, content: Path) -> None:
    terminal, end = pty.openpty()
    fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    command = _command(loader, content) | {"stderr": end}
    command["env"] = command["env"] | {"TERM": "xterm"}
    shown = b""
    with subprocess.Popen(**command) as process:
        os.close(end)
        with contextlib.suppress(OSError):  # EIO: the other end is closed
            while data := os.read(terminal, 1 << 16):
                shown += data
        out, _ = process.communicate(timeout=60)
    os.close(terminal)

    assert json.loads(out)["files"] == FILES
    assert f"/{FILES}".encode() in shown
    assert re.search(rb"[\d,]+ files/s", shown)
    assert re.search(rb"\d:\d\d:\d\d", shown)
    # The bar is gone at the end, and the summary stands alone.
    assert "\N{BOX DRAWINGS HEAVY HORIZONTAL}".encode() not in shown.rpartition(b"\x1b[2K")[2]
