"""The limit of open files bounds the connections."""

import resource

import pytest

from api.protocol.descriptors import raise_descriptor_limit


def test_the_limit_of_open_files_bounds_the_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = [(1024, 4096)]
    monkeypatch.setattr(resource, "getrlimit", lambda _: limits[-1])
    monkeypatch.setattr(resource, "setrlimit", lambda _, limit: limits.append(limit))
    assert raise_descriptor_limit() == 4096 - 200
    assert limits[-1] == (4096, 4096)
    limits.append((1024, resource.RLIM_INFINITY))
    assert raise_descriptor_limit() == 65_536 - 200
