"""urql: queries by POST and GET, errors, and the editor's token."""

from collections.abc import Callable


def test_urql_works(run_tests: Callable[..., str]) -> None:
    assert "# fail 0" in run_tests("urql/urql.test.mjs")
