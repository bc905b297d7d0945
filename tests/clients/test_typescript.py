"""graphql-codegen: the types of the schema and of nested fragments pass a strict compiler."""

import re
import shutil
from pathlib import Path

import pytest

from tests.clients.conftest import CLIENTS, PACKAGES, Run

pytestmark = pytest.mark.slow


def test_an_app_with_generated_types_passes_the_strict_compiler(
    tmp_path: Path, sdl: str, run: Run
) -> None:
    project = tmp_path / "typescript"
    shutil.copytree(CLIENTS / "typescript", project)
    (project / "schema.graphql").write_text(sdl)
    (project / "node_modules").symlink_to(PACKAGES)
    run("node", "generate.mjs", cwd=project)
    run("node_modules/.bin/tsc", "--project", ".", cwd=project)
    types = (project / "types.ts").read_text()
    assert not re.search(r"[:<|] *any\b", types)
