"""No client library: `fetch` alone, and the introspection of graphql-js."""

import pytest

from tests.clients.conftest import RunTests

pytestmark = pytest.mark.slow


def test_fetch_is_enough(run_tests: RunTests) -> None:
    assert "# fail 0" in run_tests("plain/fetch.test.mjs")


def test_introspection_works_with_every_option_of_graphql_js(run_tests: RunTests) -> None:
    assert "# fail 0" in run_tests("plain/introspection.test.mjs")
