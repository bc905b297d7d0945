"""Fragments, aliases, merged fields, @skip and @include.

Covers `planner`.
"""

from typing import Any

import pytest
from graphql import ExecutionResult, build_schema, execute, parse

from schema.execution.depth_first import DepthFirstExecutor
from schema.execution.executor import BreadthFirstExecutor
from tests.schema.execution.agreement import Ask

SDL = "type Query { item: Item items: [Item!] } type Item { id: ID title: String link: Item }"
ITEM = {"id": "1", "title": "One", "link": {"id": "2", "title": "Two"}}


def test_fields_selected_several_times_are_merged_in_the_order_of_the_query(ask: Ask) -> None:
    response = ask(
        SDL,
        """
        { item { title ...A link { title } ... { id } } ...B }
        fragment A on Item { link { id ...C } id }
        fragment B on Query { item { link { again: id } } }
        fragment C on Item { title }
        """,
        {"item": ITEM},
    )
    item = {"title": "One", "link": {"id": "2", "title": "Two", "again": "2"}, "id": "1"}
    assert response == {"data": {"item": item}}
    assert list(response["data"]["item"]) == ["title", "link", "id"]
    assert list(response["data"]["item"]["link"]) == ["id", "title", "again"]


def test_aliases_name_keys_and_paths(ask: Ask) -> None:
    response = ask(
        "type Query { item: Item } type Item { id: ID! link: Item }",
        "{ first: item { link { number: id } } second: item { id } }",
        {"item": {"id": "1", "link": {}}},
    )
    assert response["data"] == {"first": {"link": None}, "second": {"id": "1"}}
    assert response["errors"][0]["path"] == ["first", "link", "number"]


@pytest.mark.parametrize("yes", [True, False])
@pytest.mark.parametrize("no", [True, False])
def test_skip_and_include_follow_their_variables_in_one_parsed_query(
    ask: Ask, yes: bool, no: bool
) -> None:
    response = ask(
        SDL,
        """query ($yes: Boolean!, $no: Boolean = true) { item {
          id @include(if: $yes)
          title @skip(if: $no)
          ... @include(if: $yes) { link { id @skip(if: $no) title } }
          ...F @skip(if: $yes)
        } }
        fragment F on Item { again: id }""",
        {"item": ITEM},
        yes=yes,
        no=no,
    )
    link = {"title": "Two"} if no else {"id": "2", "title": "Two"}
    expected = {"id": "1"} if yes else {}
    expected |= {} if no else {"title": "One"}
    expected |= {"link": link} if yes else {"again": "1"}  # type: ignore[dict-item]
    assert response == {"data": {"item": expected}}


def test_the_default_of_a_variable_decides_where_it_is_not_given(ask: Ask) -> None:
    query = "query ($no: Boolean = false) { item { id title @include(if: $no) } }"
    assert ask(SDL, query, {"item": ITEM}) == {"data": {"item": {"id": "1"}}}
    assert ask(SDL, query, {"item": ITEM}, no=True)["data"]["item"] == {"id": "1", "title": "One"}


def test_objects_of_which_everything_is_skipped_are_empty(ask: Ask) -> None:
    response = ask(SDL, "{ items { id @skip(if: true) } }", {"items": [ITEM, ITEM]})
    assert response == {"data": {"items": [{}, {}]}}


def test_a_query_nested_as_deep_as_the_parser_allows_is_executed(ask: Ask) -> None:
    depth = 150
    item: dict[str, Any] = {"id": "last"}
    for _ in range(depth):
        item = {"link": item}
    query = f"{{ item {'{ link ' * depth} {{ id }} {'}' * depth} }}"
    found = ask(SDL, query, {"item": item})["data"]["item"]
    for _ in range(depth):
        found = found["link"]
    assert found == {"id": "last"}


def test_a_chain_of_too_many_fragments_is_an_error_of_the_query() -> None:
    chain = " ".join(f"fragment F{n} on Query {{ ...F{n + 1} }}" for n in range(2000))
    document = parse(f"{{ ...F0 }} {chain} fragment F2000 on Query {{ item {{ id }} }}")
    schema = build_schema(SDL)
    for executor in (BreadthFirstExecutor, DepthFirstExecutor):
        result = execute(schema, document, {"item": ITEM}, executor_class=executor)
        assert isinstance(result, ExecutionResult)
        assert result.data is None
        assert [error.message for error in result.errors or ()] == [
            "Selections are nested too deeply. Execution aborted."
        ]
