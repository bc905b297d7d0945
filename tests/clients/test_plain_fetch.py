"""No client at all: what every browser has."""

from collections.abc import Callable


def test_fetch_is_enough(run_tests: Callable[..., str]) -> None:
    assert "# fail 0" in run_tests("plain/fetch.test.mjs")
