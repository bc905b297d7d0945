"""The GraphQL-over-HTTP audits of the graphql-http package, against a real server. Needs Node."""

import json
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from tests.api.conftest import AppFactory
from tests.npm import install_packages

AUDIT = Path(__file__).parent / "audit"


@pytest.fixture(scope="module")
def _installed() -> None:
    """The pinned package, installed once."""
    install_packages(AUDIT)


@pytest.fixture
def url(app_with: AppFactory) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(app_with(), port=0, log_config=None, ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/graphql"
    server.should_exit = True
    thread.join()


@pytest.mark.usefixtures("_installed")
def test_all_audits_pass_including_the_optional_ones(url: str) -> None:
    command = ["node", "audit.mjs", url]
    run = subprocess.run(command, cwd=AUDIT, check=True, capture_output=True, text=True)
    results = json.loads(run.stdout)
    assert [result for result in results if result["status"] != "ok"] == []
    assert len(results) == 61


def test_the_lock_file_names_no_host() -> None:
    assert "://" not in (AUDIT / "package-lock.json").read_text()
