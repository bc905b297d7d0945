"""Every module can be found from its tests, and its tests from the module.

`store/writing/batch.py` is tested by `tests/store/writing/test_batch.py`, or named in the docstring
of a test in that folder or one above it: in backticks, as `batch`, `store.writing.batch` or a path.
"""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("api", "bodies", "loaders", "schema", "store")
MODULES = sorted(
    path.relative_to(ROOT)
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
    if path.name != "__init__.py" and "node_modules" not in path.parts
)


@cache
def docstrings_in(folder: Path) -> str:
    """Return the docstrings of the test modules in a folder."""
    tests = sorted(folder.glob("test_*.py"))
    return "\n".join(ast.get_docstring(ast.parse(test.read_text("utf-8"))) or "" for test in tests)


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_every_module_has_a_test_of_its_name_or_is_named_in_one(module: Path) -> None:
    mirror = ROOT / "tests" / module.with_name(f"test_{module.name}")
    if mirror.exists():
        return
    folders = [folder for folder in mirror.parents if folder.is_relative_to(ROOT / "tests")]
    docstrings = "\n".join(docstrings_in(folder) for folder in folders)
    name = rf"`(?:[\w./]+[./])?{module.stem}(?:\.py)?`"
    assert re.search(name, docstrings), f"no test says that it covers {module}"


@pytest.mark.parametrize("package", PACKAGES)
def test_the_folders_of_tests_mirror_those_of_the_code(package: str) -> None:
    folders = {
        test.parent.relative_to(ROOT / "tests")
        for test in (ROOT / "tests" / package).rglob("test_*.py")
        if "node_modules" not in test.parts
    }
    assert all((ROOT / folder).is_dir() for folder in folders), folders
