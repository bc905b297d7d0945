"""Node, the clients that package-lock.json pins, and the server that they ask."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import EDITOR_TOKEN

CLIENTS = Path(__file__).parent
PACKAGES = CLIENTS / "node_modules"


@pytest.fixture(scope="session")
def _node() -> None:
    """Node and the pinned packages, installed once."""
    if "CI" not in os.environ and (shutil.which("node") is None or shutil.which("npm") is None):
        pytest.skip("Node is not installed")
    installed = PACKAGES / ".package-lock.json"
    lock = CLIENTS / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        subprocess.run(["npm", "ci", "--silent", "--ignore-scripts"], cwd=CLIENTS, check=True)


@pytest.fixture
def run(_node: None) -> Callable[..., str]:
    """`run(command, *arguments, cwd=…)` runs a command that must succeed; gives what it printed."""

    def run_command(*command: str, cwd: Path = CLIENTS, **environment: str) -> str:
        ended = subprocess.run(
            command,
            cwd=cwd,
            env=os.environ | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
        )
        assert ended.returncode == 0, ended.stdout
        return ended.stdout

    return run_command


@pytest.fixture
def run_tests(run: Callable[..., str], served: str) -> Callable[..., str]:
    """`run_tests("apollo/paging.test.mjs")` runs the tests of a JavaScript file."""

    def run_file(file: str, cwd: Path = CLIENTS) -> str:
        environment = {"NEWSGRAPH_URL": f"{served}/graphql", "NEWSGRAPH_TOKEN": EDITOR_TOKEN}
        return run("node", "--test", file, cwd=cwd, **environment)

    return run_file


@pytest.fixture(scope="session")
def sdl() -> str:
    """The schema, as tools are given it."""
    return (CLIENTS.parents[1] / "schema.graphql").read_text()
