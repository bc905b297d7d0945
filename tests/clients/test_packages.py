"""The packages that package-lock.json pins."""

import json

from tests.clients.conftest import CLIENTS


def test_the_lock_names_no_registry() -> None:
    packages = json.loads((CLIENTS / "package-lock.json").read_text())["packages"]
    assert not [name for name, package in packages.items() if "resolved" in package]
    assert all("integrity" in package for name, package in packages.items() if name)


def test_every_client_is_pinned_exactly() -> None:
    dependencies = json.loads((CLIENTS / "package.json").read_text())["dependencies"]
    assert all(version[0].isdigit() for version in dependencies.values())
