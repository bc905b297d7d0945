"""The schema of a site: graphql-codegen and the Relay compiler type its fields for a component."""

import re
import shutil
from pathlib import Path

import pytest

from tests.clients.conftest import CLIENTS, PACKAGES, Run
from tests.command import NEWSGRAPH
from tests.loaders.conftest import write

pytestmark = pytest.mark.slow

_LEVELS = ["Beginner", "Advanced", "[Beginner, Advanced]"]


def test_components_that_show_fields_of_a_site_pass_the_strict_compiler(
    tmp_path: Path, run: Run
) -> None:
    content = tmp_path / "content"
    for number, levels in enumerate(_LEVELS * 2):
        course = f"price: Free\nlevels: {levels}\nratings: {{average: 4.5, count: {number}}}"
        write(content / f"{number}.md", f"---\ntitle: Course {number}\n{course}\n---\n")
    write(content / "newsgraph.yaml", run(NEWSGRAPH, "infer", str(content)))

    project = tmp_path / "site"
    shutil.copytree(CLIENTS / "site", project)
    shutil.copy(CLIENTS / "typescript" / "generate.mjs", project)
    (project / "schema.graphql").write_text(run(NEWSGRAPH, "schema", str(content)))
    (project / "node_modules").symlink_to(PACKAGES)
    (project / "__generated__").mkdir()
    run("node", "generate.mjs", cwd=project)
    compiled = run("node", "node_modules/relay-compiler/cli.js", cwd=project)
    assert "Compilation completed" in compiled
    run("node_modules/.bin/tsc", "--project", ".", cwd=project)
    for artifact in ("types.ts", "__generated__/CourseCard_course.graphql.ts"):
        text = (project / artifact).read_text()
        assert "levels" in text
        assert not re.search(r"[:<|] *any\b", text)
