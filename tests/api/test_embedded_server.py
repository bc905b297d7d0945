"""Commands whose embedded MongoDB dies: `database`, `server`, and `load` in `commands`."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from store.embedded.folder import Folder
from tests.command import NEWSGRAPH, environment
from tests.store.embedded.processes import server_of, wait_until

CONTENT = Path(__file__).parents[2] / "examples/content"
_TOKEN = "the-token-of-a-test"  # noqa: S105


@contextmanager
def _running(folder: Path, *command: str) -> Iterator[subprocess.Popen[str]]:
    """Run a command on the data in a folder; yields it once MongoDB runs."""
    with subprocess.Popen(
        [NEWSGRAPH, *command],
        env=environment(DATA_DIR=str(folder), AUDIENCE="public", EDITOR_TOKENS=_TOKEN),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _origin(process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None
    for line in process.stderr:
        if "listening on " in line:
            return line.partition("listening on ")[2].partition("/graphql")[0]
    raise AssertionError("it does not listen")


def _is_ready(origin: str) -> bool:
    with suppress(httpx.TransportError):
        return httpx.get(f"{origin}/readyz", timeout=60).status_code == 200
    return False


def _metrics(origin: str) -> str:
    return httpx.get(f"{origin}/metrics", headers={"authorization": f"Bearer {_TOKEN}"}).text


@pytest.mark.slow
def test_serve_answers_again_after_its_mongodb_was_killed(tmp_path: Path) -> None:
    loaded = [NEWSGRAPH, "load", str(CONTENT)]
    subprocess.run(loaded, env=environment(DATA_DIR=str(tmp_path)), capture_output=True, check=True)
    with _running(tmp_path, "serve", "--port", "0") as process:
        origin = _origin(process)
        wait_until(lambda: _is_ready(origin))
        killed = server_of(tmp_path)
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda: server_of(tmp_path) not in (None, killed))
        wait_until(lambda: _is_ready(origin))
        # The server can answer before the supervisor has counted that it started MongoDB.
        wait_until(lambda: "newsgraph_mongod_restarts_total 1.0" in _metrics(origin))
        process.terminate()
        _, log = process.communicate(timeout=60)
    assert "The embedded MongoDB died: it was killed" in log
    assert process.returncode == 0


@pytest.mark.parametrize("command", [("serve", "--port", "0"), ("load", "-")])
def test_a_command_ends_with_the_reason_when_its_mongodb_is_lost(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    with _running(tmp_path, *command) as process:
        folder = Folder.at(tmp_path)
        wait_until(lambda: folder.state.ready)
        folder.update(port=folder.state.port - 1, ready=True)  # as if it had been started there
        process.wait(60)  # `communicate` would end the load's input
        _, log = process.communicate()
    assert "another program took its port" in log.splitlines()[-1]
    assert "Traceback" not in log
    assert process.returncode == 2
    assert server_of(tmp_path) is None


def test_ctrl_c_while_a_load_starts_mongodb_is_silent_and_nothing_is_left(tmp_path: Path) -> None:
    with _running(tmp_path, "load", "-") as process:
        wait_until((tmp_path / "mongodb/data/mongod.lock").exists)
        process.send_signal(signal.SIGINT)
        _, log = process.communicate(timeout=60)
    assert (log, process.returncode) == ("", 130)
    assert server_of(tmp_path) is None
