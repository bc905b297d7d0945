"""The bound on the values of an argument, written in a query or sent as a variable."""

import json

import pytest
from graphql import GraphQLSchema, parse_value
from hypothesis import given
from hypothesis import strategies as st

from schema.limits.codes import QUERY_TOO_EXPENSIVE
from schema.limits.guard import QueryGuard
from schema.limits.inputs import most_values_in_literals, most_values_in_variables
from schema.limits.limits import Limits

LIST = "query($v: [ID!]!) { things(ids: $v) { id } }"
JSON = st.recursive(
    st.none() | st.integers() | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["a", "b", "of", "same"]), inner)
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.text(max_size=3), JSON, max_size=4))
def test_variables_are_counted_at_every_level(variables: dict[str, object]) -> None:
    expected = max(map(count, variables.values()), default=0)
    assert most_values_in_variables(variables) == expected


@given(JSON)
def test_literals_are_counted_like_variables(value: object) -> None:
    assert most_values_in_literals([parse_value(literal(value))]) == count(value)


def test_deep_variables_are_counted_without_recursion() -> None:
    value: object = 1
    for _ in range(5_000):
        value = [{"a": value}]
    assert most_values_in_variables({"v": value}) == 10_001


@pytest.mark.parametrize(
    ("query", "variables", "who"),
    [
        (f"{{things(ids:[{'1 ' * 250}]){{id}}}}", {}, "An argument"),
        (f"{{book(a:{{b:[{'1 ' * 249}]}}){{id}}}}", {}, "An argument"),
        (f"{{book @a(b:[{'1 ' * 250}]){{id}}}}", {}, "An argument"),
        (f"query($v:[ID!]=[{'1 ' * 250}]){{book{{id}}}}", {}, "An argument"),
        (f"{{book(a:{{{'f:1 ' * 250}}}){{id}}}}", {}, "An argument"),
        (LIST, {"v": ["a"] * 250}, "A variable"),
        (LIST, {"v": [{"a": ["b"] * 248}]}, "A variable"),
        (LIST, {"v": dict.fromkeys(map(str, range(250)))}, "A variable"),
    ],
)
def test_an_argument_of_many_values_is_refused_before_it_is_validated(
    library: GraphQLSchema, query: str, variables: dict[str, object], who: str
) -> None:
    guard = QueryGuard(library, Limits())
    guard.check(LIST, None, {"v": ["a"]})  # a cached query is no exception
    checked = guard.check(query, None, variables)
    (error,) = checked.errors
    assert checked.node is None
    assert error.message.startswith(f"{who} of this query has 251 values; 250 are allowed.")
    assert (error.extensions or {})["code"] == QUERY_TOO_EXPENSIVE


def test_an_argument_of_as_many_values_as_allowed_is_accepted(library: GraphQLSchema) -> None:
    checked = QueryGuard(library, Limits()).check(LIST, None, {"v": ["a"] * 249})
    assert not checked.errors


def literal(value: object) -> str:
    """Return JSON as GraphQL writes it."""
    if isinstance(value, list):
        return f"[{' '.join(map(literal, value))}]"
    if isinstance(value, dict):
        return "{" + " ".join(f"{key}:{literal(inner)}" for key, inner in value.items()) + "}"
    return json.dumps(value)


def count(value: object) -> int:
    """Return the number of values in JSON, by recursion."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + sum(map(count, inner))
