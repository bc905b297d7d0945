"""Queries generated from the schema, of any nesting, by both audiences.

hypothesis-graphql is the generator within schemathesis; alone it is one package, not a dozen.
"""

import json
from collections.abc import Iterator

import orjson
import pytest
from graphql import (
    REMOVE,
    ArgumentNode,
    EnumValueNode,
    FieldNode,
    IntValueNode,
    NameNode,
    OperationDefinitionNode,
    Visitor,
    parse,
    print_ast,
    visit,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis_graphql import nodes, queries

from schema.schema import build_schema
from store.audience import Audience
from tests.fuzz.conftest import AskSafely

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

DATES = ("2024-05-14T18:05:00Z", "2026-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z")
URLS = ("https://harbourpost.example/a", "HTTP://[::1]:80/", "https://☃.example/%zz")
BAD_URLS = ("http://[", "https://a.example:x")
SDL = build_schema().as_str()
VALID_QUERIES = queries(
    SDL,
    custom_scalars={
        "DateTime": st.sampled_from(DATES).map(nodes.String),
        "URL": st.sampled_from(URLS).map(nodes.String),
        "JSON": st.text(max_size=5).map(nodes.String),
    },
)
QUERIES_WITH_BAD_SCALARS = queries(
    SDL,
    custom_scalars={
        "DateTime": (st.datetimes().map(lambda date: f"{date.isoformat()}Z") | st.text()).map(
            nodes.String
        ),
        "URL": st.sampled_from(URLS + BAD_URLS).map(nodes.String),
        "JSON": st.text().map(nodes.String),
    },
    allow_x00=True,
)
FEW = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class SmallPages(Visitor):
    """Makes pages small and valid, so that their nested fields are executed."""

    def enter_argument(self, node: ArgumentNode, *_: object) -> object:
        name = node.name.value
        if name in ("last", "after", "before") or isinstance(node.value, EnumValueNode):
            return REMOVE
        if name == "first":
            return ArgumentNode(name=NameNode(value=name), value=IntValueNode(value="2"))
        return None


async def _assert_executed(ask_safely: AskSafely, query: str, audience: Audience) -> None:
    response = await ask_safely(audience, orjson.dumps({"query": query}))
    if response.get("data") is None:
        assert response["errors"]
    else:
        assert list(response["data"]) == list(_keys(query))


def _keys(query: str) -> Iterator[str]:
    """Yield the keys of the response to a query without fragments at its root."""
    [operation] = parse(query).definitions
    assert isinstance(operation, OperationDefinitionNode)
    fields = [node for node in operation.selection_set.selections if isinstance(node, FieldNode)]
    keys = [(field.alias or field.name).value for field in fields]
    yield from dict.fromkeys(keys)


@FEW
@given(query=VALID_QUERIES, audience=st.sampled_from(Audience))
async def test_a_valid_query_has_the_keys_of_its_fields(
    ask_safely: AskSafely, query: str, audience: Audience
) -> None:
    await _assert_executed(ask_safely, query, audience)


@FEW
@given(query=VALID_QUERIES, audience=st.sampled_from(Audience))
async def test_a_query_of_small_pages_is_executed_to_its_depth(
    ask_safely: AskSafely, query: str, audience: Audience
) -> None:
    await _assert_executed(ask_safely, print_ast(visit(parse(query), SmallPages())), audience)


@FEW
@given(query=QUERIES_WITH_BAD_SCALARS, audience=st.sampled_from(Audience))
async def test_a_query_with_bad_scalars_causes_no_fault(
    ask_safely: AskSafely, query: str, audience: Audience
) -> None:
    await ask_safely(audience, json.dumps({"query": query}).encode())
