"""Suggestions (`schema.suggestions`) for texts of any characters."""

import pytest
from graphql.pyutils import suggestion_list
from hypothesis import given
from hypothesis import strategies as st

from schema.schema import build_schema
from schema.suggestions import fix_suggestions


@pytest.fixture(scope="module", autouse=True)
def fixed() -> None:
    """Apply the fix, as `build_schema` does."""
    fix_suggestions()


def test_an_enum_value_longer_in_lower_case_is_refused_like_any_other() -> None:
    schema = build_schema()
    for text in ("İ", "İİİİİİİİ"):
        result = schema.execute_sync(f'{{ items(orderBy: "{text}") {{ totalCount }} }}')
        assert result.errors
        (error,) = result.errors
        assert (error.extensions or {})["code"] == "GRAPHQL_VALIDATION_FAILED"


def test_near_misses_are_still_suggested() -> None:
    assert suggestion_list("NEWESTİ", ["NEWEST", "OLDEST"])[0] == "NEWEST"


@given(st.text(max_size=12), st.lists(st.text(max_size=12), max_size=4))
def test_suggestions_are_always_among_the_options(text: str, options: list[str]) -> None:
    assert set(suggestion_list(text, options)) <= set(options)
