"""The `keeper`, started by `keeping`: it stops the server of users that were killed."""

import os
import signal
import time
from pathlib import Path

import pytest

from store.embedded import embedded_mongod
from store.embedded.folder import Folder
from store.embedded.locks import try_lock_exclusive
from tests.store.embedded.processes import (
    insert_and_count,
    keeper_of,
    server_of,
    users,
    wait_until,
)

WITHIN_S = 60  # what docs/operations.md promises


@pytest.mark.parametrize(
    "number",
    [
        signal.SIGKILL,
        pytest.param(signal.SIGHUP, marks=pytest.mark.slow),
        pytest.param(signal.SIGQUIT, marks=pytest.mark.slow),
    ],
)
def test_the_server_and_its_keeper_end_after_the_last_user_was_killed(
    tmp_path: Path, number: signal.Signals
) -> None:
    with users(tmp_path, 2) as (first, second):
        assert first.uri() == second.uri() != ""
        keeper = keeper_of(tmp_path)
        first.end(number)
        time.sleep(2.5)  # the keeper has looked twice
        assert server_of(tmp_path) is not None
        assert keeper_of(tmp_path) == keeper is not None
        second.end(number)
        wait_until(lambda: server_of(tmp_path) is None, WITHIN_S)
        wait_until(lambda: not _has_keeper(tmp_path), WITHIN_S)


def test_a_killed_keeper_is_replaced_by_a_user(tmp_path: Path) -> None:
    with users(tmp_path, 1) as (user,):
        assert user.uri()
        keeper = keeper_of(tmp_path)
        assert keeper is not None
        os.kill(keeper, signal.SIGKILL)
        wait_until(lambda: keeper_of(tmp_path) not in (keeper, None), WITHIN_S)
        user.end(signal.SIGKILL)
        wait_until(lambda: server_of(tmp_path) is None, WITHIN_S)


def test_a_server_that_lost_its_user_and_its_keeper_is_stopped_by_the_next_user(
    tmp_path: Path,
) -> None:
    with users(tmp_path, 1) as (user,):
        uri = user.uri()
        keeper = keeper_of(tmp_path)
        assert keeper is not None
        os.kill(user.process.pid, signal.SIGSTOP)  # it must not start another keeper
        os.kill(keeper, signal.SIGKILL)
        user.end(signal.SIGKILL)
        server = server_of(tmp_path)
        assert server is not None
        with embedded_mongod(tmp_path) as joined:
            assert joined == uri
            assert server_of(tmp_path) == server
        assert server_of(tmp_path) is None


def test_a_new_user_keeps_the_server_of_a_killed_one(tmp_path: Path) -> None:
    with users(tmp_path, 1) as (user,):
        uri = user.uri()
        user.end(signal.SIGKILL)
        with embedded_mongod(tmp_path):
            time.sleep(2.5)
            assert insert_and_count(uri) == 1


@pytest.mark.skipif(not Path("/proc").exists(), reason="reads /proc")
def test_mongod_and_its_keeper_do_not_see_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSGRAPH_EDITOR_TOKENS", "secret")
    monkeypatch.setenv("HOME", str(tmp_path))
    with embedded_mongod(tmp_path):
        for pid in (server_of(tmp_path), keeper_of(tmp_path)):
            environment = Path(f"/proc/{pid}/environ").read_text()
            assert "secret" not in environment
            assert f"HOME={tmp_path}" in environment


def _has_keeper(folder: Path) -> bool:
    with Folder.at(folder).keeper_lock.open("a") as lock:
        return not try_lock_exclusive(lock)
