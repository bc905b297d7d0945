"""The reader's sources: their types, the code generated from the queries, their packages.

And axe-core's judgement of each page.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from api import reader
from api.reader.page import DIST
from tests.api.browsing import watched_page
from tests.chromium import running_chromium, skip_without_chromium
from tests.npm import install_packages

WEB = Path(reader.__file__).parent / "web"

skip_without_chromium()
if "CI" not in os.environ and not (DIST / "index.html").exists():
    pytest.skip("the reader is not built (make reader)", allow_module_level=True)


@pytest.fixture(scope="module")
def packages() -> Path:
    """The installed packages, those for development included, which `make reader` leaves out."""
    return install_packages(WEB)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_chromium() as browser:
        yield browser


@pytest.mark.slow
def test_the_sources_pass_the_strict_compiler(packages: Path) -> None:
    compiled = subprocess.run(
        [packages / ".bin/tsc", "--noEmit"], cwd=WEB, stdout=subprocess.PIPE, text=True
    )
    assert compiled.returncode == 0, compiled.stdout


@pytest.mark.slow
@pytest.mark.usefixtures("packages")
def test_the_generated_code_is_that_of_the_queries_and_the_schema(tmp_path: Path) -> None:
    generated = tmp_path / "api.ts"
    subprocess.run([shutil.which("node") or "node", "codegen.mjs", generated], cwd=WEB, check=True)
    assert generated.read_text() == (WEB / "src/api.ts").read_text(), "run: npm run codegen"


def test_every_package_is_pinned_by_version_and_hash_and_names_no_registry() -> None:
    package = json.loads((WEB / "package.json").read_text())
    pinned = package["dependencies"] | package["devDependencies"]
    assert all(version[0].isdigit() for version in pinned.values())
    locked = json.loads((WEB / "package-lock.json").read_text())["packages"]
    assert not [name for name, entry in locked.items() if "resolved" in entry]
    assert all("integrity" in entry for name, entry in locked.items() if name)


PAGES = ("/", "/items/mzorc53dw4wbrwhe", "/topics/ferries", "/topics", "/providers", "/archive")


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", [*PAGES, "/search?q=ferry"])
def test_axe_finds_nothing_serious(
    browser: Browser, packages: Path, served: str, path: str, scheme: str
) -> None:
    mistakes: list[str] = []
    with watched_page(browser, served, mistakes, scheme=scheme) as page:  # type: ignore[arg-type]
        page.goto(f"{served}{path}")
        expect(page.get_by_role("heading", level=1)).to_be_attached()
        expect(page.locator("main .loading")).to_have_count(0)
        page.evaluate((packages / "axe-core/axe.min.js").read_text())
        found = page.evaluate("axe.run({resultTypes: ['violations']})")
    violations = {
        violation["id"]: [node["html"][:200] for node in violation["nodes"]]
        for violation in found["violations"]
        if violation["impact"] in ("serious", "critical")
    }
    assert violations == {}
    assert mistakes == []
