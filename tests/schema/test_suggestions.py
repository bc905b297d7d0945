"""Suggestions, whatever the characters of the text they are for."""

from graphql.pyutils import suggestion_list
from hypothesis import given
from hypothesis import strategies as st

from schema.schema import build_schema


def test_an_enum_value_that_grows_in_lower_case_is_refused_like_any_other():
    schema = build_schema()
    for text in ("İ", "İİİİİİİİ"):
        result = schema.execute_sync(f'{{ items(orderBy: "{text}") {{ totalCount }} }}')
        [error] = result.errors
        assert error.extensions["code"] == "GRAPHQL_VALIDATION_FAILED"


def test_what_is_nearly_right_is_still_suggested():
    assert suggestion_list("NEWESTİ", ["NEWEST", "OLDEST"])[0] == "NEWEST"


@given(st.text(max_size=12), st.lists(st.text(max_size=12), max_size=4))
def test_any_text_has_suggestions_or_none(text, options):
    assert set(suggestion_list(text, options)) <= set(options)
