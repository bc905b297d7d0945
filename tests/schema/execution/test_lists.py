"""Lists, and lists of lists.

Covers `lists` and `column`.
"""

from collections.abc import Iterator

import pytest
from graphql import ExecutionResult, build_schema, execute, parse

from schema.execution.executor import BreadthFirstExecutor
from tests.schema.execution.agreement import Ask


def test_lists_of_leaves_may_hold_nulls_and_be_null(ask: Ask) -> None:
    response = ask(
        "type Query { items: [Item] } type Item { tags: [String] }",
        "{ items { tags } }",
        {"items": [{"tags": ["a", None, "b"]}, {"tags": None}, {"tags": []}, {}]},
    )
    tags = [["a", None, "b"], None, [], None]
    assert response == {"data": {"items": [{"tags": found} for found in tags]}}


def test_lists_of_lists_of_objects_keep_their_shape(ask: Ask) -> None:
    response = ask(
        "type Query { grids: [[[Cell]!]!] } type Cell { n: Int }",
        "{ grids { n } }",
        {"grids": [[[{"n": 1}, None], []], [], [[{"n": 2}], [{"n": 3}, {"n": 4}]]]},
    )
    assert response == {
        "data": {"grids": [[[{"n": 1}, None], []], [], [[{"n": 2}], [{"n": 3}, {"n": 4}]]]}
    }


def test_an_error_deep_in_lists_of_lists_has_every_index_in_its_path(ask: Ask) -> None:
    response = ask(
        "type Query { grids: [[[Cell!]!]]! } type Cell { n: Int! }",
        "{ wide: grids { n } }",
        {"grids": [[[{"n": 1}]], [[{"n": 2}], [{"n": 3}, {}]]]},
    )
    assert response["data"] == {"wide": [[[{"n": 1}]], None]}
    assert [error["path"] for error in response["errors"]] == [["wide", 1, 1, 1, "n"]]


@pytest.mark.parametrize("items", [("a", "b"), {"a": 0, "b": 0}.keys()])
def test_any_iterable_is_a_list(ask: Ask, items: object) -> None:
    assert ask("type Query { tags: [String] }", "{ tags }", {"tags": items}) == {
        "data": {"tags": ["a", "b"]}
    }


@pytest.mark.parametrize("value", ["text", 7, {"a": 1}])
def test_strings_numbers_and_mappings_are_not_lists(ask: Ask, value: object) -> None:
    response = ask("type Query { tags: [String] ok: Int }", "{ tags ok }", {"tags": value, "ok": 1})
    assert response["data"] == {"tags": None, "ok": 1}
    (error,) = response["errors"]
    assert error["message"] == "Expected Iterable, but did not find one for field 'Query.tags'."
    assert error["path"] == ["tags"]


def test_a_null_in_a_list_of_non_nulls_makes_the_list_null(ask: Ask) -> None:
    response = ask(
        "type Query { items: [Item] } type Item { tags: [String!] }",
        "{ items { tags } }",
        {"items": [{"tags": ["a", None, None]}, {"tags": ["b"]}]},
    )
    assert response["data"] == {"items": [{"tags": None}, {"tags": ["b"]}]}
    assert [error["path"] for error in response["errors"]] == [["items", 0, "tags", 1]]


def test_documents_are_not_changed_by_a_query(ask: Ask) -> None:
    root = {"items": [{"tags": ["a", 7, None]}, {"tags": [object, "b"]}]}
    ask("type Query { items: [Item] } type Item { tags: [ID] }", "{ items { tags } }", root)
    assert root == {"items": [{"tags": ["a", 7, None]}, {"tags": [object, "b"]}]}


def test_awaitables_inside_a_list_are_errors() -> None:
    async def tag() -> str:
        return "a"

    class Later:
        def __await__(self) -> Iterator[None]:
            yield

    schema = build_schema("type Query { tags: [String] any: [Any] } scalar Any")
    root = {"tags": [tag(), "b"], "any": [Later(), "b"]}
    result = execute(schema, parse("{ tags any }"), root, executor_class=BreadthFirstExecutor)
    assert isinstance(result, ExecutionResult)
    assert result.data == {"tags": [None, "b"], "any": [None, "b"]}
    assert [error.path for error in result.errors or ()] == [["tags", 0], ["any", 0]]
