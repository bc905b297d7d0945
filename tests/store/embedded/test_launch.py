"""The port that mongod gets, and launches that fail."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from store.embedded import launch
from store.embedded.binary import Mongod
from store.embedded.folder import Folder
from store.embedded.launch import PORT_TAKEN, PORTS, LaunchFailed, free_port
from tests.store.embedded.processes import write_mongod


@contextmanager
def _taken(port: int) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", port)) as listener:
        yield listener.getsockname()[1]


def test_the_preferred_port_is_used_if_it_is_free() -> None:
    with _taken(0) as port:
        pass
    assert free_port(port) == port


@pytest.mark.parametrize("prefer", [True, False])
def test_another_port_is_used_if_none_is_preferred_or_it_is_taken(prefer: bool) -> None:
    with _taken(0) as port:
        found = free_port(port if prefer else 0)
    assert found in PORTS
    assert found != port


def test_a_launch_fails_when_all_ports_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with ExitStack() as stack:
        ports = [stack.enter_context(_taken(0)) for _ in range(100)]
        monkeypatch.setattr(launch, "PORTS", ports)
        with pytest.raises(LaunchFailed, match="no free port") as caught:
            free_port(0)
    assert caught.value.status == PORT_TAKEN


def test_a_launch_that_fails_has_the_status_and_output_of_mongod(tmp_path: Path) -> None:
    program = write_mongod(tmp_path, "echo what is wrong; exit 14")
    with pytest.raises(LaunchFailed, match=r"^what is wrong$") as caught:
        launch.launch(Mongod(program, "6.0.5"), Folder.at(tmp_path), 20000)
    assert caught.value.status == 14


def test_a_launch_fails_when_mongod_does_not_listen_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "START_S", 0.1)
    program = write_mongod(tmp_path, "exec sleep 30")
    with pytest.raises(LaunchFailed, match=r"did not listen within 0\.1 s"):
        launch.launch(Mongod(program, "6.0.5"), Folder.at(tmp_path), 20000)
