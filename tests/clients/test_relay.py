"""Relay: its compiler takes the schema, and its store pages and refetches with what it made."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.clients.conftest import CLIENTS, PACKAGES


@pytest.fixture
def project(tmp_path: Path, sdl: str, run: Callable[..., str]) -> Path:
    """The Relay project, compiled."""
    folder = tmp_path / "relay"
    shutil.copytree(CLIENTS / "relay", folder)
    (folder / "schema.graphql").write_text(sdl)
    (folder / "__generated__").mkdir()
    (folder / "node_modules").symlink_to(PACKAGES)
    printed = run("node", "node_modules/relay-compiler/cli.js", cwd=folder)
    assert "Compilation completed" in printed
    return folder


def test_the_compiler_makes_refetches_and_pages_of_every_fragment(project: Path) -> None:
    made = {path.name.partition(".")[0] for path in (project / "__generated__").iterdir()}
    assert made >= {
        "FrontPagePaginationQuery",  # through Query
        "ProviderPageItemsQuery",  # the others through node(id:)
        "TopicPageItemsQuery",
        "ItemPageRelatedByQuery",
        "ItemPageRefetchQuery",
    }


def test_the_store_pages_and_refetches(project: Path, run_tests: Callable[..., str]) -> None:
    assert "# fail 0" in run_tests("store.test.mjs", cwd=project)
