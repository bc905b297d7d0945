"""A system on which no mongod is installed."""

from pathlib import Path

import pytest


@pytest.fixture
def bare_system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder whose `bin` is all that PATH holds, without the `embedded` extra."""

    def no_spec(_: str) -> None:
        return None

    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr("store.embedded.binary.find_spec", no_spec)
    return tmp_path
