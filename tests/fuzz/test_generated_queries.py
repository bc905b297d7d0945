"""Queries that are made from the schema, nested as they come, by both audiences.

hypothesis-graphql is the generator within schemathesis; alone it is one package, not a dozen.
"""

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from graphql import (
    REMOVE,
    ArgumentNode,
    EnumValueNode,
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

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

DATES = ("2024-05-14T18:05:00Z", "2026-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z")
URLS = ("https://harbourpost.example/a", "HTTP://[::1]:80/", "https://☃.example/%zz")
QUERIES = queries(
    build_schema().as_str(),
    custom_scalars={
        "DateTime": st.sampled_from(DATES).map(nodes.String),
        "URL": st.sampled_from(URLS).map(nodes.String),
        "JSON": st.text(max_size=5).map(nodes.String),
    },
)
FEW = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class GoodPaging(Visitor):
    """Makes pages small and whole, so that what is nested in them is reached."""

    def enter_argument(self, node: ArgumentNode, *_: Any) -> Any:
        """Change an argument, or leave it out."""
        name = node.name.value
        if name in ("last", "after", "before") or isinstance(node.value, EnumValueNode):
            return REMOVE
        if name == "first":
            return ArgumentNode(name=NameNode(value=name), value=IntValueNode(value="2"))
        return None


async def _assert_answered(ask: Any, query: str, audience: Audience) -> None:
    answer = await ask(audience, orjson.dumps({"query": query}))
    if answer.get("data") is None:
        assert answer["errors"]
    else:
        assert list(answer["data"]) == list(_keys(query))


def _keys(query: str) -> Iterator[str]:
    """Give the keys that an answer to a query without fragments at its root must have."""
    [operation] = parse(query).definitions
    assert isinstance(operation, OperationDefinitionNode)
    keys = [(field.alias or field.name).value for field in operation.selection_set.selections]  # type: ignore[union-attr]
    yield from dict.fromkeys(keys)


@FEW
@given(query=QUERIES, audience=st.sampled_from(Audience))
async def test_a_query_is_answered(ask: Any, query: str, audience: Audience) -> None:
    await _assert_answered(ask, query, audience)


@FEW
@given(query=QUERIES, audience=st.sampled_from(Audience))
async def test_a_query_of_small_pages_is_answered_to_its_depth(
    ask: Any, query: str, audience: Audience
) -> None:
    await _assert_answered(ask, print_ast(visit(parse(query), GoodPaging())), audience)
