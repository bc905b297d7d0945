"""Relay: its compiler accepts the schema, and its store pages and refetches."""

import shutil
from pathlib import Path

import pytest

from tests.clients.conftest import CLIENTS, PACKAGES, Run, RunTests

pytestmark = pytest.mark.slow


@pytest.fixture
def project(tmp_path: Path, sdl: str, run: Run) -> Path:
    """A copy of the Relay project, compiled."""
    folder = tmp_path / "relay"
    shutil.copytree(CLIENTS / "relay", folder)
    (folder / "schema.graphql").write_text(sdl)
    (folder / "__generated__").mkdir()
    (folder / "node_modules").symlink_to(PACKAGES)
    printed = run("node", "node_modules/relay-compiler/cli.js", cwd=folder)
    assert "Compilation completed" in printed
    return folder


def test_the_compiler_generates_queries_to_page_and_refetch_every_fragment(project: Path) -> None:
    generated = {path.name.partition(".")[0] for path in (project / "__generated__").iterdir()}
    assert generated >= {
        "FrontPagePaginationQuery",  # through Query
        "ProviderPageItemsQuery",  # the others through node(id:)
        "TopicPageItemsQuery",
        "ItemPageRelatedByQuery",
        "ItemPageRefetchQuery",
    }


def test_the_store_pages_and_refetches(project: Path, run_tests: RunTests) -> None:
    assert "# fail 0" in run_tests("store.test.mjs", cwd=project)
