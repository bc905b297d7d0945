"""Apollo Client: its normalised cache, its paging, its errors and its persisted queries."""

from collections.abc import Callable

import pytest


@pytest.mark.parametrize("topic", ["paging", "cache", "errors", "persisted"])
def test_apollo_client_works_with(topic: str, run_tests: Callable[[str], str]) -> None:
    assert "# fail 0" in run_tests(f"apollo/{topic}.test.mjs")
