"""Apollo Client: its normalized cache, paging, errors and persisted queries."""

import pytest

from tests.clients.conftest import RunTests


@pytest.mark.parametrize("topic", ["paging", "cache", "errors", "persisted"])
def test_apollo_client_works_with(topic: str, run_tests: RunTests) -> None:
    assert "# fail 0" in run_tests(f"apollo/{topic}.test.mjs")
