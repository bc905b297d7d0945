"""Automatic persisted queries (`persisted`), as Apollo's clients use them."""

import contextlib
import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.graphql.persisted import PersistedQueries
from api.graphql.refusal import Refusal
from api.graphql.request import GraphQLRequest
from tests.api.conftest import ClientFactory

pytestmark = pytest.mark.anyio

QUERY = "query Greet($name: String!) { hello(name: $name) }"


def extension(query: str) -> dict[str, object]:
    digest = hashlib.sha256(query.encode()).hexdigest()
    return {"persistedQuery": {"version": 1, "sha256Hash": digest}}


async def test_a_query_sent_once_is_known_by_its_hash_afterwards(client: ClientFactory) -> None:
    http = client()
    variables = {"name": "Ada"}
    body = {"extensions": extension(QUERY), "variables": variables}
    unknown = await http.post("/graphql", json=body)
    assert unknown.status_code == 200  # a browser's console shows no failure
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


async def test_a_hash_of_another_query_is_refused_and_not_kept(client: ClientFactory) -> None:
    http = client()
    body = {"query": "{ audience }", "extensions": extension(QUERY)}
    assert (await http.post("/graphql", json=body)).status_code == 400
    body = {"extensions": extension(QUERY), "variables": {"name": "Ada"}}
    assert "errors" in (await http.post("/graphql", json=body)).json()


async def test_a_query_that_cannot_be_executed_is_not_kept(client: ClientFactory) -> None:
    http = client()
    body = {"query": "{ nope }", "extensions": extension("{ nope }")}
    await http.post("/graphql", json=body)
    again = await http.post("/graphql", json={"extensions": body["extensions"]})
    assert again.json()["errors"][0]["message"] == "PersistedQueryNotFound"


@pytest.mark.parametrize(
    "wrong", [1, [], {}, {"version": 2, "sha256Hash": "0"}, {"version": 1, "sha256Hash": 7}]
)
async def test_an_extension_of_another_shape_is_refused(
    client: ClientFactory, wrong: object
) -> None:
    body = {"query": "{ hello }", "extensions": {"persistedQuery": wrong}}
    assert (await client().post("/graphql", json=body)).status_code == 400


@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=300), max_size=40))
def test_the_queries_kept_are_the_latest_within_the_bytes(queries: list[str]) -> None:
    persisted = PersistedQueries(max_bytes=4000)
    for query in queries:
        request = GraphQLRequest(query, None, {}, extension(query))
        assert persisted.query_of(request) == query
        persisted.remember(request)
        assert persisted.query_of(by_hash(query)) == query
    known = []
    for query in queries:
        with contextlib.suppress(Refusal):
            assert persisted.query_of(by_hash(query)) == query
            known.append(query)
    assert sum(map(len, set(known))) * 4 <= 4000


def by_hash(query: str) -> GraphQLRequest:
    return GraphQLRequest(None, None, {}, extension(query))


def test_a_query_larger_than_the_whole_memory_is_not_kept() -> None:
    persisted = PersistedQueries(max_bytes=4000)
    for query in ("{ hello }", "{ hello" + " " * 1000 + "}"):
        persisted.remember(GraphQLRequest(query, None, {}, extension(query)))
    assert persisted.query_of(by_hash("{ hello }")) == "{ hello }"
    with pytest.raises(Refusal, match="PersistedQueryNotFound"):
        persisted.query_of(by_hash("{ hello" + " " * 1000 + "}"))
