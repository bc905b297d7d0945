"""What is admitted and what is refused, and why."""

import pytest
from graphql import GraphQLError, GraphQLSchema, get_introspection_query
from graphql.validation import specified_rules
from graphql.validation.rules.custom.no_schema_introspection import (
    NoSchemaIntrospectionCustomRule,
)

from schema.errors import ErrorCode
from schema.limits.guard import QueryGuard
from schema.limits.limits import Limits
from schema.limits.parsing import MAX_MESSAGE


@pytest.fixture
def gate(library: GraphQLSchema) -> QueryGuard:
    return QueryGuard(library, Limits())


def refusal(gate: QueryGuard, text: str, **variables: object) -> GraphQLError:
    with pytest.raises(GraphQLError) as caught:
        gate.check(text, None, variables)
    return caught.value


def code(error: GraphQLError) -> str:
    return (error.extensions or {})["code"]


def test_admits_a_valid_query_with_its_price(gate):
    admission = gate.check("query($n:Int){books(first:$n){nodes{id}}}", None, {"n": 3})
    assert admission.errors == []
    assert admission.cost.cost == 4


def test_gives_the_same_document_again(gate):
    first, second = (gate.check("{book{id}}", None, {}) for _ in range(2))
    assert first.node is second.node


def test_prices_a_known_document_anew_for_other_variables(gate):
    query = "query($n:Int){books(first:100){nodes{books(first:$n){nodes{id}}}}}"
    assert gate.check(query, None, {"n": 1}).cost.cost == 1 + 100 * 3
    assert gate.check(query, None, {"n": 2}).cost.cost == 1 + 100 * 4
    assert refusal(gate, query, n=99).message.startswith("This query could return 10,101 objects")


def test_an_invalid_document_is_not_kept(gate):
    first, second = (gate.check("{nothing}", None, {}) for _ in range(2))
    assert first.node is not second.node
    assert [code(error) for error in first.errors] == [ErrorCode.GRAPHQL_VALIDATION_FAILED]


def test_says_what_a_query_costs_what_is_allowed_and_what_to_do(gate):
    query = "{books(first:100){nodes{book{books(first:99){edges{node{id}}}}}}}"
    error = refusal(gate, query)
    assert error.message == (
        "This query could return 20,101 objects; 10,000 are allowed. "
        "Ask for fewer with `first`, or split the query."
    )
    assert error.extensions == {
        "code": "QUERY_TOO_EXPENSIVE",
        "requested": 20_101,
        "limit": 10_000,
    }
    columns = [query.index("books"), query.rindex("books")]
    assert [location.column - 1 for location in error.locations] == columns


def test_says_how_deep_a_query_is_and_where(gate):
    query = "{" + "book{" * 12 + "id" + "}" * 13
    error = refusal(gate, query)
    assert error.message.startswith("This query nests fields 13 levels deep; 12 are allowed.")
    assert error.locations[0].column - 1 == query.rindex("book")
    assert gate.check(query.replace("book{book{", "book{", 1)[:-1], None, {}).errors == []


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
            "places",
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
def test_refuses_what_multiplies_by_other_means_than_lists(gate, query, what):
    if what is None:
        assert gate.check(query, None, {}).errors == []
    else:
        error = refusal(gate, query)
        assert code(error) == ErrorCode.QUERY_TOO_EXPENSIVE
        assert what in error.message


def test_a_list_in_a_variable_is_counted(gate):
    error = refusal(gate, "query($i:[ID!]!){things(ids:$i){id}}", i=["a"] * 1_000_000)
    assert error.extensions["requested"] == 1_000_000


def test_admits_the_standard_introspection_query(gate):
    query = get_introspection_query(True, True, True, True, True, True)
    assert gate.check(query, None, {}).errors == []


def test_checks_with_the_rules_that_it_is_given(library):
    gate = QueryGuard(library, Limits(), rules=(*specified_rules, NoSchemaIntrospectionCustomRule))
    (error, *_) = gate.check("{__schema{queryType{name}}}", None, {}).errors
    assert code(error) == ErrorCode.GRAPHQL_VALIDATION_FAILED


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
def test_a_text_that_cannot_be_parsed_is_refused_with_a_place(gate, text):
    error = refusal(gate, text)
    assert code(error) == ErrorCode.GRAPHQL_PARSE_FAILED
    assert error.locations


def test_parses_when_little_of_the_stack_is_left(gate):
    def deeper(levels: int) -> None:
        if levels:
            deeper(levels - 1)
        else:
            assert code(refusal(gate, "{a" * 20_000)) == ErrorCode.GRAPHQL_PARSE_FAILED

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
def test_comparing_repeated_fields_is_given_up_early(gate, query):
    *_, last = gate.check(query, None, {}).errors
    assert code(last) == ErrorCode.QUERY_TOO_EXPENSIVE
    assert last.message.startswith("Validation stopped early")


def test_twenty_fragments_may_ask_for_the_same_objects(gate):
    names = range(20)
    query = "{" + "".join(f"...F{i} " for i in names) + "}"
    query += "".join(
        f"fragment F{i} on Query{{book{{id title author{{id name}} book{{id x{i}:id}}}}}}"
        for i in names
    )
    assert gate.check(query, None, {}).errors == []


def test_a_cycle_of_fragments_is_an_error_of_validation(gate):
    query = "{book{...A}} fragment A on Book{book{...A}}"
    (error,) = gate.check(query, None, {}).errors
    assert code(error) == ErrorCode.GRAPHQL_VALIDATION_FAILED
    assert "Cannot spread fragment 'A' within itself" in error.message


@pytest.mark.parametrize(
    "query", ["{" + "a" * 50_000 + "}", "{few(first:" + "9" * 50_000 + "){id}}"]
)
def test_an_error_does_not_quote_at_length(gate, query):
    for error in gate.check(query, None, {}).errors:
        assert len(error.message) <= MAX_MESSAGE + 1


def test_only_the_operation_to_run_is_priced(gate):
    query = "query Small{book{id}} query Large{books(first:100){nodes{books{nodes{grid{id}}}}}}"
    assert gate.check(query, "Small", {}).cost.cost == 1
    with pytest.raises(GraphQLError, match="could return"):
        gate.check(query, "Large", {})
    assert gate.check(query, "Neither", {}).cost is None
