"""Which queries are accepted and which are refused, and why.

Covers `guard`, `limits`, `messages`, `codes` and `parsing`.
"""

from itertools import product

import pytest
from graphql import GraphQLError, GraphQLSchema, get_introspection_query
from graphql.validation import specified_rules
from graphql.validation.rules.custom.no_schema_introspection import (
    NoSchemaIntrospectionCustomRule,
)

from schema.limits import codes
from schema.limits.guard import CheckedQuery, QueryGuard
from schema.limits.limits import Limits
from schema.limits.messages import MAX_MESSAGE


@pytest.fixture
def guard(library: GraphQLSchema) -> QueryGuard:
    return QueryGuard(library, Limits())


def refusal(guard: QueryGuard, text: str, **variables: object) -> GraphQLError:
    """Return the error of a query that is refused before its validation."""
    checked = guard.check(text, None, variables)
    assert (checked.node, checked.cost) == (None, None)
    [error] = checked.errors
    return error


def code(error: GraphQLError) -> object:
    return (error.extensions or {})["code"]


def objects(checked: CheckedQuery) -> int | None:
    """Return the cost of a query that is accepted, in objects."""
    assert checked.errors == []
    return checked.cost.objects if checked.cost else None


def test_accepts_a_valid_query_with_its_cost(guard: QueryGuard) -> None:
    checked = guard.check("query Page($n:Int){books(first:$n){nodes{id}}}", None, {"n": 3})
    assert objects(checked) == 4
    assert checked.operation_name == "Page"


def test_returns_the_same_syntax_tree_again(guard: QueryGuard) -> None:
    first, second = (guard.check("{book{id}}", None, {}) for _ in range(2))
    assert first.node is second.node


def test_prices_a_cached_query_again_for_other_variables(guard: QueryGuard) -> None:
    query = "query($n:Int){books(first:100){nodes{books(first:$n){nodes{id}}}}}"
    assert objects(guard.check(query, None, {"n": 1})) == 1 + 100 * 3
    assert objects(guard.check(query, None, {"n": 2})) == 1 + 100 * 4
    assert refusal(guard, query, n=99).message.startswith("This query could return 10,101 objects")


def test_an_invalid_query_is_not_cached(guard: QueryGuard) -> None:
    first, second = (guard.check("{nothing}", None, {}) for _ in range(2))
    assert first.node is not second.node
    assert [code(error) for error in first.errors] == [codes.GRAPHQL_VALIDATION_FAILED]


def test_reports_what_a_query_costs_what_is_allowed_and_what_to_do(guard: QueryGuard) -> None:
    query = "{books(first:100){nodes{book{books(first:99){edges{node{id}}}}}}}"
    error = refusal(guard, query)
    assert error.message == (
        "This query could return 20,101 objects; 10,000 are allowed. "
        "Request fewer with `first`, or split the query."
    )
    assert error.extensions == {
        "code": "QUERY_TOO_EXPENSIVE",
        "requested": 20_101,
        "limit": 10_000,
    }
    columns = [query.index("books"), query.rindex("books")]
    assert [location.column - 1 for location in error.locations or ()] == columns


def test_reports_how_deep_a_query_is_and_where(guard: QueryGuard) -> None:
    query = "{" + "book{" * 12 + "id" + "}" * 13
    error = refusal(guard, query)
    assert error.message.startswith("This query nests fields 13 levels deep; 12 are allowed.")
    assert error.locations
    assert error.locations[0].column - 1 == query.rindex("book")
    assert guard.check(query.replace("book{book{", "book{", 1)[:-1], None, {}).errors == []


@pytest.mark.parametrize(
    ("query", "what"),
    [
        ("{books(first:100){nodes{" + "".join(f"a{i}:tags " for i in range(100)) + "}}}", None),
        (
            "{books(first:100){nodes{books(first:97){nodes{"
            + "".join(f"a{i}:id " for i in range(99))
            + "}}}}}",
            "values",
        ),
        ("{" + "".join(f"a{i}:__typename " for i in range(101)) + "}", "aliases"),
        ("{book{" + "id @skip(if:true)" * 101 + "}}", "directives"),
        ("query(" + "$a:Int@x" * 101 + "){book{id}}", "directives"),
        (
            "{book{...A0}}"
            + "".join(
                f"fragment A{i} on Book{{a:book{{...A{i + 1}}} b:book{{...A{i + 1}}}}}"
                for i in range(9)
            )
            + "fragment A9 on Book{id}",
            "positions",
        ),
        (
            "{__schema{types{"
            + "".join(f"a{i}:fields{{type{{fields{{type{{name}}}}}}}}" for i in range(90))
            + "}}}",
            "introspects",
        ),
        ("{book{id #" + "x" * 100_000 + "\n}}", "characters"),
    ],
)
def test_refuses_queries_that_multiply_work_without_lists(
    guard: QueryGuard, query: str, what: str | None
) -> None:
    if what is None:
        assert guard.check(query, None, {}).errors == []
    else:
        error = refusal(guard, query)
        assert code(error) == codes.QUERY_TOO_EXPENSIVE
        assert what in error.message


def test_a_list_in_a_variable_is_counted(guard: QueryGuard) -> None:
    fields = " ".join(f"a{n}:things(ids:$i){{id}}" for n in range(60))
    error = refusal(guard, f"query($i:[ID!]!){{{fields}}}", i=["a"] * 200)
    assert error.extensions
    assert error.extensions["requested"] == 12_000


def test_accepts_the_standard_introspection_query_with_any_options(guard: QueryGuard) -> None:
    for options in product((True, False), repeat=7):
        query = get_introspection_query(*options)
        assert guard.check(query, None, {}).errors == []


def test_refuses_an_introspection_query_that_nests_types_much_deeper(guard: QueryGuard) -> None:
    query = get_introspection_query(True, True, True, True, True, True, True, 20)
    assert code(refusal(guard, query)) == codes.QUERY_TOO_EXPENSIVE


def test_validates_with_the_given_rules(library: GraphQLSchema) -> None:
    guard = QueryGuard(library, Limits(), rules=(*specified_rules, NoSchemaIntrospectionCustomRule))
    (error, *_) = guard.check("{__schema{queryType{name}}}", None, {}).errors
    assert code(error) == codes.GRAPHQL_VALIDATION_FAILED


@pytest.mark.parametrize(
    "text",
    [
        "{a" * 20_000,
        "{" + "...{" * 20_000,
        "{a(x:" + "[" * 20_000,
        "{a(x:" + "{a:" * 20_000,
        "{a" + "(" * 20_000,
        "query($a:" + "[" * 20_000,
        "query($a:Int=" + "[" * 20_000,
        "{a" * 20_000 + "}" * 20_000,
        "",
        "{",
        "#",
        "#\n" * 20_000,
        "{book{id " + "#\n" * 4_001 + "}}",
        "{book{" + "id " * 4_001 + "}}",
        '{a(x:"' + "\ud800" + '")}',
    ],
)
def test_a_text_that_cannot_be_parsed_is_refused_with_its_location(
    guard: QueryGuard, text: str
) -> None:
    error = refusal(guard, text)
    assert code(error) == codes.GRAPHQL_PARSE_FAILED
    assert error.locations


def test_parses_when_little_of_the_stack_is_left(guard: QueryGuard) -> None:
    def deeper(levels: int) -> None:
        if levels:
            deeper(levels - 1)
        else:
            assert code(refusal(guard, "{a" * 20_000)) == codes.GRAPHQL_PARSE_FAILED

    deeper(700)


@pytest.mark.parametrize(
    "query",
    [
        "{book{" + "id " * 2_000 + "}}",
        "{book{" + "book{book{id}}" * 400 + "}}",
        "{book{" + "".join(f"books(first:{i}){{totalCount}}" for i in range(400)) + "}}",
        "{"
        + "".join(f"...F{i} " for i in range(99))
        + "}"
        + "".join(f"fragment F{i} on Query{{book{{book{{id x{i}:id}}}}}}" for i in range(99)),
    ],
)
def test_comparing_repeated_fields_stops_early(guard: QueryGuard, query: str) -> None:
    *_, last = guard.check(query, None, {}).errors
    assert code(last) == codes.QUERY_TOO_EXPENSIVE
    assert last.message.startswith("Validation stopped early")


def test_twenty_fragments_may_select_the_same_objects(guard: QueryGuard) -> None:
    names = range(20)
    query = "{" + "".join(f"...F{i} " for i in names) + "}"
    query += "".join(
        f"fragment F{i} on Query{{book{{id title author{{id name}} book{{id x{i}:id}}}}}}"
        for i in names
    )
    assert guard.check(query, None, {}).errors == []


def test_a_cycle_of_fragments_is_a_validation_error(guard: QueryGuard) -> None:
    query = "{book{...A}} fragment A on Book{book{...A}}"
    (error,) = guard.check(query, None, {}).errors
    assert code(error) == codes.GRAPHQL_VALIDATION_FAILED
    assert "Cannot spread fragment 'A' within itself" in error.message


@pytest.mark.parametrize(
    "query", ["{" + "a" * 50_000 + "}", "{few(first:" + "9" * 50_000 + "){id}}"]
)
def test_an_error_quotes_the_query_only_briefly(guard: QueryGuard, query: str) -> None:
    for error in guard.check(query, None, {}).errors:
        assert len(error.message) <= MAX_MESSAGE + 1


SEVERAL = "query Small{book{id}} query Large{books(first:100){nodes{books{nodes{grid{id}}}}}}"


def test_only_the_operation_to_execute_is_priced(guard: QueryGuard) -> None:
    small, large = (guard.check(SEVERAL, name, {}) for name in ("Small", "Large"))
    assert objects(small) == 1
    assert large.errors[0].message.startswith("This query could return")
    assert large.operation_name == "Large"


@pytest.mark.parametrize(
    ("query", "name", "message"),
    [
        (SEVERAL, None, "operationName must name one of the query's operations."),
        (SEVERAL, "Neither", "operationName must name one of the query's operations."),
        ("{book{id}}", "Any", "operationName must name one of the query's operations."),
        ("fragment F on Book{id}", None, "The query has no operation."),
        ("type Book{id:ID}", "Any", "The query has no operation."),
    ],
)
def test_a_query_without_the_operation_to_execute_is_refused(
    guard: QueryGuard, query: str, name: str | None, message: str
) -> None:
    guard.check(SEVERAL, "Small", {})  # a cached query is no exception
    [error] = guard.check(query, name, {}).errors
    assert code(error) == codes.BAD_USER_INPUT
    assert error.message == message


def test_fragments_that_take_too_long_to_merge_are_refused(guard: QueryGuard) -> None:
    # Each level can be reached with any subset of the fragments.
    fragments = "".join(
        f"fragment F{i}_{j} on Book{{"
        f"book{{...F{i + 1}_{(j + 1) % 12} ...F{i + 1}_{j}}}"
        f"author{{book{{...F{i + 1}_{(j + 3) % 12} ...F{i + 1}_{j}}}}}}}"
        for i in range(12)
        for j in range(12)
    )
    last = "".join(f"fragment F12_{j} on Book{{id}}" for j in range(12))
    error = refusal(guard, f"{{book{{...F0_0}}}}{fragments}{last}")
    assert error.message.startswith("This query's fragments spread to more than 20,000 selections.")
