"""No client library: `fetch` alone."""

from tests.clients.conftest import RunTests


def test_fetch_is_enough(run_tests: RunTests) -> None:
    assert "# fail 0" in run_tests("plain/fetch.test.mjs")
