"""The packages that the tests' lock files pin."""

import json
from pathlib import Path

import pytest

from tests.clients.conftest import CLIENTS

GENERATORS = CLIENTS.parent / "generators"


@pytest.mark.parametrize("folder", [CLIENTS, GENERATORS], ids=lambda folder: folder.name)
def test_the_lock_names_no_registry(folder: Path) -> None:
    packages = json.loads((folder / "package-lock.json").read_text())["packages"]
    assert not [name for name, package in packages.items() if "resolved" in package]
    assert all("integrity" in package for name, package in packages.items() if name)


@pytest.mark.parametrize("folder", [CLIENTS, GENERATORS], ids=lambda folder: folder.name)
def test_every_package_is_pinned_exactly(folder: Path) -> None:
    dependencies = json.loads((folder / "package.json").read_text())["dependencies"]
    assert all(version[0].isdigit() for version in dependencies.values())
