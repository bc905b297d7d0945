"""Node, the clients that package-lock.json pins, and a server for them."""

import os
import subprocess
from pathlib import Path
from typing import Protocol

import pytest

from tests.conftest import EDITOR_TOKEN
from tests.npm import install_packages

CLIENTS = Path(__file__).parent
PACKAGES = CLIENTS / "node_modules"


class Run(Protocol):
    """Runs a command, which must succeed, and returns its output."""

    def __call__(self, *command: str, cwd: Path = ..., **environment: str) -> str: ...


class RunTests(Protocol):
    """Runs the tests of a JavaScript file, which must succeed, and returns the output."""

    def __call__(self, file: str, cwd: Path = ...) -> str: ...


@pytest.fixture(scope="session")
def _node() -> None:
    """Install the pinned packages."""
    install_packages(CLIENTS)


@pytest.fixture
def run(_node: None) -> Run:
    """`run(command, *arguments, cwd=…)`: see Run."""

    def run_command(*command: str, cwd: Path = CLIENTS, **environment: str) -> str:
        completed = subprocess.run(
            command,
            cwd=cwd,
            env=os.environ | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
        )
        assert completed.returncode == 0, completed.stdout
        return completed.stdout

    return run_command


@pytest.fixture
def run_tests(run: Run, served: str) -> RunTests:
    """`run_tests("apollo/paging.test.mjs")`: see RunTests."""

    def run_file(file: str, cwd: Path = CLIENTS) -> str:
        environment = {"NEWSGRAPH_URL": f"{served}/graphql", "NEWSGRAPH_TOKEN": EDITOR_TOKEN}
        return run("node", "--test", file, cwd=cwd, **environment)

    return run_file


@pytest.fixture(scope="session")
def sdl() -> str:
    """The schema in the committed file."""
    return (CLIENTS.parents[1] / "schema.graphql").read_text()
