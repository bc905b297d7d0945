"""Queries that are made from the schema, nested as they come, by both audiences.

hypothesis-graphql is the generator within schemathesis; alone it is one package, not twelve.
"""

from typing import Any

import orjson
import pytest
from graphql import build_schema, parse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis_graphql import nodes, queries

from schema.schema import build_schema as build_newsgraph
from store.audience import Audience

pytestmark = pytest.mark.anyio

SDL = build_newsgraph().as_str()
SCHEMA = build_schema(SDL)

DATES = st.sampled_from(
    ["2024-05-14T18:05:00Z", "2026-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z"]
)
URLS = st.sampled_from(
    ["https://harbourpost.example/a", "HTTP://[::1]:80/", "https://☃.example/%zz"]
)
SCALARS = {
    "DateTime": DATES.map(nodes.String),
    "URL": URLS.map(nodes.String),
    "JSON": st.text(max_size=5).map(nodes.String),
}


@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(query=queries(SDL, custom_scalars=SCALARS), audience=st.sampled_from(Audience))
async def test_a_valid_query_is_answered_as_it_was_asked(
    ask: Any, query: str, audience: Audience
) -> None:
    document = parse(query)
    answer = await ask(audience, orjson.dumps({"query": query}))
    codes = {error["extensions"]["code"] for error in answer.get("errors", ())}
    if "data" not in answer:
        assert codes <= {"QUERY_TOO_EXPENSIVE", "GRAPHQL_VALIDATION_FAILED"}, query
        # Its generator knows no scalar of ours; the rest of what it makes is valid.
        assert "QUERY_TOO_EXPENSIVE" in codes or "not a" in str(answer["errors"]), query
    elif answer["data"] is not None:
        asked = {
            node.alias.value if node.alias else node.name.value
            for node in document.definitions[0].selection_set.selections
        }
        assert set(answer["data"]) == asked
    else:
        assert codes
