"""urql: queries by POST and GET, errors, and the editor's token."""

import pytest

from tests.clients.conftest import RunTests

pytestmark = pytest.mark.slow


def test_urql_works(run_tests: RunTests) -> None:
    assert "# fail 0" in run_tests("urql/urql.test.mjs")
