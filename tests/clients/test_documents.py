"""Trusted documents: the manifests that clients' own tools write, and the ids that they send."""

import json
import shutil
from pathlib import Path

import pytest

from tests.clients.conftest import CLIENTS, PACKAGES, Run
from tests.command import running

pytestmark = pytest.mark.slow


def test_each_client_sends_the_ids_of_its_own_manifest(
    tmp_path: Path, sdl: str, run: Run, mongod: str, content: str
) -> None:
    project, manifests = tmp_path / "project", tmp_path / "project/manifests"
    shutil.copytree(CLIENTS / "documents", project)
    shutil.copytree(CLIENTS / "relay", project / "relay")
    for folder in (manifests, project / "generated", project / "relay/__generated__"):
        folder.mkdir()
    (project / "node_modules").symlink_to(PACKAGES)
    for folder in (project, project / "relay"):
        (folder / "schema.graphql").write_text(sdl)

    config = project / "relay/relay.config.json"
    persisted = {"persistConfig": {"file": "../manifests/persisted_queries.json"}}
    config.write_text(json.dumps(json.loads(config.read_text()) | persisted))
    (manifests / "persisted_queries.json").write_text("{}")  # the compiler adds to it
    run("node", "../node_modules/relay-compiler/cli.js", cwd=project / "relay")
    run("node", "generate.mjs", cwd=project)
    shutil.copy(project / "generated/persisted-documents.json", manifests)
    tool = "node_modules/@apollo/generate-persisted-query-manifest/cli.js"
    run("node", tool, "--config", "persisted-query-manifest.config.json", cwd=project)
    shutil.copy(project / "queries.graphql", manifests / "Titles.graphql")

    settings = {
        "MONGODB_URI": mongod,
        "DATABASE": content,
        "AUDIENCE": "public",
        "DOCUMENTS": str(manifests),
        "DOCUMENTS_MODE": "only",
    }
    with running("serve", cwd=tmp_path, **settings) as origin:
        url = f"{origin}/graphql"
        assert "# fail 0" in run(
            "node", "--test", "documents.test.mjs", cwd=project, NEWSGRAPH_URL=url
        )
