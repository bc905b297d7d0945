"""Apollo Client: its cache, paging, errors, persisted queries and clientAwareness."""

import pytest

from tests.clients.conftest import RunTests

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("topic", ["paging", "cache", "errors", "persisted", "awareness"])
def test_apollo_client_works_with(topic: str, run_tests: RunTests) -> None:
    assert "# fail 0" in run_tests(f"apollo/{topic}.test.mjs")
