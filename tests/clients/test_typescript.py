"""graphql-codegen: the schema and nested fragments become types that a strict compiler takes."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

from tests.clients.conftest import CLIENTS, PACKAGES


def test_an_app_with_generated_types_is_right_in_the_eyes_of_the_strict_compiler(
    tmp_path: Path, sdl: str, run: Callable[..., str]
) -> None:
    project = tmp_path / "typescript"
    shutil.copytree(CLIENTS / "typescript", project)
    (project / "schema.graphql").write_text(sdl)
    (project / "node_modules").symlink_to(PACKAGES)
    run("node", "generate.mjs", cwd=project)
    run("node_modules/.bin/tsc", "--project", ".", cwd=project)
    types = (project / "types.ts").read_text()
    assert not re.search(r"[:<|] *any\b", types)
