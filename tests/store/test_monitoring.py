"""The observation of commands."""

import pytest
from pymongo import monitoring
from pymongo.errors import OperationFailure

from store.connection import connect_blocking
from store.monitoring import observe_commands


def test_commands_are_observed_with_duration_and_success(
    mongod: str, database_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Listeners are global to the process and cannot be removed.
    none = monitoring._Listeners([], [], [], [], [])
    monkeypatch.setattr(monitoring, "_LISTENERS", none)
    seen: list[tuple[str, bool]] = []

    def observe(command: str, seconds: float, succeeded: bool) -> None:
        assert 0 <= seconds < 60
        seen.append((command, succeeded))

    observe_commands(observe)
    with connect_blocking(mongod) as client:
        client[database_name]["items"].find_one()
        with pytest.raises(OperationFailure):
            client[database_name].command("noSuchCommand")
    assert {("find", True), ("noSuchCommand", False)} <= {*seen}
