"""The follower of the search index in real servers: killed, taken over, started again.

Covers `follower_main`, too.
"""

import json
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from api.supervised_follower import HUNG_S
from loaders.load import load
from loaders.options import Options
from store.search.folder import SearchFolder
from store.search.status import Activity, FollowerStatus
from tests.api.servers import WITHIN_S, Server, Start, children_of, command_line, log_of, until

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="looks for processes in /proc"
)

Serve = Callable[[], Server]


@pytest.fixture
def folder(tmp_path: Path, database_name: str) -> SearchFolder:
    return SearchFolder.of(tmp_path / "data", database_name)


@pytest.fixture
def start(serve: Start, tmp_path: Path) -> Serve:
    """Start servers that share a data folder."""
    data_dir = str(tmp_path / "data")
    return lambda: serve(NEWSGRAPH_SEARCH="tantivy", NEWSGRAPH_DATA_DIR=data_dir)


@pytest.fixture
def add(mongod: str, database_name: str, tmp_path: Path) -> Callable[[], None]:
    """Load one more item."""
    root = tmp_path / "site"
    root.mkdir()

    def add() -> None:
        (root / f"{len([*root.iterdir()])}.md").write_text("---\ntitle: News\n---\n")
        load([str(root)], uri=mongod, database=database_name, options=Options(jobs=1))

    return add


def followers_of(process: subprocess.Popen[str]) -> list[int]:
    return children_of(process, "api.follower_main")


def follows(folder: SearchFolder, version: int) -> Callable[[], bool]:
    return lambda: FollowerStatus.read(folder.status) == FollowerStatus(Activity.FOLLOWING, version)


def test_a_follower_that_dies_is_replaced_and_none_outlives_the_server(
    start: Serve, folder: SearchFolder, add: Callable[[], None]
) -> None:
    add()
    process, url = start()
    until(follows(folder, 1))
    until(lambda: httpx.get(f"{url}/readyz").json() == {"status": "ready"})
    metrics = httpx.get(f"{url}/metrics").text
    assert "\nnewsgraph_search_index_version 1.0\n" in metrics
    assert "\nnewsgraph_search_index_progress 1.0\n" in metrics
    assert "\nnewsgraph_search_index_lag_seconds 0.0\n" in metrics
    (follower,) = followers_of(process)
    os.kill(follower, signal.SIGKILL)
    add()
    until(follows(folder, 2))
    (follower,) = followers_of(process)
    process.kill()
    until(lambda: b"api.follower_main" not in command_line(follower))


@pytest.mark.slow
def test_a_follower_that_hangs_is_replaced_and_what_changed_meanwhile_is_found(
    start: Serve, folder: SearchFolder, add: Callable[[], None]
) -> None:
    process, _ = start()
    until(follows(folder, 0))
    (follower,) = followers_of(process)
    os.kill(follower, signal.SIGSTOP)
    add()
    until(follows(folder, 1), within_s=2 * HUNG_S)
    assert followers_of(process) not in ([], [follower])
    process.send_signal(signal.SIGTERM)
    records = [json.loads(line) for line in log_of(process)]
    (error,) = [record["message"] for record in records if record["level"] == "error"]
    assert error == (
        f"The follower of the search index (process {follower}) did not respond for {HUNG_S + 2} s "
        "and was ended"
    )


@pytest.mark.slow
def test_of_two_servers_one_follows_and_the_other_takes_over(
    start: Serve, folder: SearchFolder, add: Callable[[], None]
) -> None:
    servers = [start()[0], start()[0]]
    until(follows(folder, 0))
    assert sorted(len(followers_of(server)) for server in servers) == [0, 1]
    first, second = sorted(servers, key=lambda server: -len(followers_of(server)))
    first.kill()
    add()
    until(follows(folder, 1))
    assert len(followers_of(second)) == 1


@pytest.mark.slow
def test_a_reload_starts_another_follower_and_a_stop_ends_it(
    start: Serve, folder: SearchFolder
) -> None:
    process, _ = start()
    until(follows(folder, 0))
    (old,) = followers_of(process)
    process.send_signal(signal.SIGHUP)
    until(lambda: followers_of(process) not in ([], [old]))
    (new,) = followers_of(process)
    process.send_signal(signal.SIGTERM)
    records = [json.loads(line) for line in log_of(process)]
    assert process.wait(WITHIN_S) == 0
    assert b"api.follower_main" not in command_line(new)
    assert [record for record in records if record["level"] == "error"] == []


def test_a_folder_that_cannot_be_written_is_reported(
    start: Serve, folder: SearchFolder, add: Callable[[], None]
) -> None:
    add()
    folder.path.parent.parent.mkdir()
    folder.path.parent.touch()
    process, url = start()
    line = next(line for line in log_of(process) if "search index" in line)
    assert f"The search index cannot be kept in {folder.path}: " in line
    ready = {"status": "ready", "search": "The search index does not exist yet."}
    until(lambda: httpx.get(f"{url}/readyz").json() == ready)
