"""Automatic persisted queries, as Apollo's clients speak them."""

import contextlib
import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.graphql.persisted import PersistedQueries
from api.graphql.refusal import Refusal
from api.graphql.request import GraphQLRequest

pytestmark = pytest.mark.anyio

QUERY = "query Greet($name: String!) { hello(name: $name) }"


def extension(query: str, **changes) -> dict:
    digest = hashlib.sha256(query.encode()).hexdigest()
    return {"persistedQuery": {"version": 1, "sha256Hash": digest, **changes}}


async def test_a_query_sent_once_is_known_by_its_hash_ever_after(client):
    http = client()
    variables = {"name": "Ada"}
    body = {"extensions": extension(QUERY), "variables": variables}
    unknown = await http.post("/graphql", json=body)
    assert unknown.json()["errors"] == [
        {
            "message": "PersistedQueryNotFound",
            "extensions": {"code": "PERSISTED_QUERY_NOT_FOUND"},
        }
    ]
    assert unknown.headers["cache-control"] == "no-store"
    first = await http.post("/graphql", json={**body, "query": QUERY})
    again = await http.post("/graphql", json=body)
    by_get = await http.get(
        "/graphql",
        params={
            "extensions": json.dumps(extension(QUERY)),
            "variables": json.dumps(variables),
        },
    )
    for response in (first, again, by_get):
        assert response.json() == {"data": {"hello": "Hello, Ada!"}}


async def test_a_hash_of_another_query_is_refused_and_not_kept(client):
    http = client()
    body = {"query": "{ audience }", "extensions": extension(QUERY)}
    assert (await http.post("/graphql", json=body)).status_code == 400
    body = {"extensions": extension(QUERY), "variables": {"name": "Ada"}}
    assert "errors" in (await http.post("/graphql", json=body)).json()


async def test_a_query_that_cannot_be_executed_is_not_kept(client):
    http = client()
    body = {"query": "{ nope }", "extensions": extension("{ nope }")}
    await http.post("/graphql", json=body)
    again = await http.post("/graphql", json={"extensions": body["extensions"]})
    assert again.json()["errors"][0]["message"] == "PersistedQueryNotFound"


@pytest.mark.parametrize(
    "wrong", [1, [], {}, {"version": 2, "sha256Hash": "0"}, {"version": 1, "sha256Hash": 7}]
)
async def test_an_extension_of_another_shape_is_refused(client, wrong):
    body = {"query": "{ hello }", "extensions": {"persistedQuery": wrong}}
    assert (await client().post("/graphql", json=body)).status_code == 400


@given(st.lists(st.text(min_size=1, max_size=300), max_size=40))
async def test_what_is_kept_stays_within_its_bytes_and_is_what_was_sent_last(queries):
    store = PersistedQueries(max_bytes=4000)
    for query in queries:
        query = query.encode("utf-8", "ignore").decode() or "x"
        request = GraphQLRequest(query, None, {}, extension(query))
        assert store.query_of(request) == query
        store.remember(request)
        assert store._bytes <= 4000
        by_hash = GraphQLRequest(None, None, {}, extension(query))
        assert store.query_of(by_hash) == query
    for query in queries:
        query = query.encode("utf-8", "ignore").decode() or "x"
        with contextlib.suppress(Refusal):
            assert store.query_of(GraphQLRequest(None, None, {}, extension(query))) == query
