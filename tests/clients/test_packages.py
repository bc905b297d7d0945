"""What package-lock.json pins."""

import json
from typing import Any

from tests.clients.conftest import CLIENTS


def _read(file: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((CLIENTS / file).read_text())
    return content


def test_the_lock_names_no_registry() -> None:
    packages = _read("package-lock.json")["packages"]
    assert not [name for name, package in packages.items() if "resolved" in package]
    assert all("integrity" in package for name, package in packages.items() if name)


def test_every_client_is_pinned_exactly() -> None:
    assert all(version[0].isdigit() for version in _read("package.json")["dependencies"].values())
