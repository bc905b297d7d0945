"""The size of the embedded server's cache: `memory`."""

from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from store.embedded import embedded_mongod
from store.memory import default_cache_mb


@pytest.mark.parametrize(
    ("limit", "size"),
    [
        (f"{64 * 2**30}", 1024),
        (f"{2 * 2**30}", 512),
        (f"{2**20}", 256),
        ("max", 1024),
        ("", 1024),
    ],
)
def test_the_cache_is_a_quarter_of_the_memory_and_1_gb_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, size: int
) -> None:
    monkeypatch.setattr("os.sysconf", {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": 2**23}.__getitem__)
    file = tmp_path / "memory.max"
    file.write_text(f"{limit}\n")
    assert default_cache_mb([file, tmp_path / "none"]) == size


def test_a_small_machine_has_a_small_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sysconf", {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": 2**19}.__getitem__)
    assert default_cache_mb([]) == 512


def test_the_server_is_started_with_the_size_that_is_set(tmp_path: Path) -> None:
    with (
        embedded_mongod(tmp_path, cache_mb=300) as uri,
        MongoClient[dict[str, Any]](uri) as client,
    ):
        cache = client.admin.command("serverStatus")["wiredTiger"]["cache"]
        assert cache["maximum bytes configured"] // 2**20 in (299, 300)
