"""HTTP's QUERY method (RFC 10008): a body as of POST, and the safety of GET (`endpoint`)."""

import json

import httpx
import pytest

from tests.api.conftest import ClientFactory
from tests.api.servers import Start

HELLO = {"query": "{ hello }"}


@pytest.mark.anyio
async def test_its_body_is_that_of_a_post(client: ClientFactory) -> None:
    query = "query Greet($name: String!) { hello(name: $name) }"
    body = {"query": query, "variables": {"name": "Ada"}}
    response = await client().request("QUERY", "/graphql", json=body)
    assert response.json() == {"data": {"hello": "Hello, Ada!"}}


@pytest.mark.anyio
async def test_it_is_safe_so_it_runs_no_mutation(client: ClientFactory) -> None:
    response = await client().request("QUERY", "/graphql", json={"query": "mutation { touch }"})
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"


@pytest.mark.anyio
async def test_its_response_is_cacheable_and_can_be_validated(client: ClientFactory) -> None:
    http = client(audience="public", max_age_s=7)
    first = await http.request("QUERY", "/graphql", json=HELLO)
    assert first.headers["cache-control"] == "public, max-age=7"
    validator = {"if-none-match": first.headers["etag"]}
    again = await http.request("QUERY", "/graphql", json=HELLO, headers=validator)
    assert (again.status_code, again.content) == (304, b"")
    other = await http.request("QUERY", "/graphql", json={"query": "{ audience }"})
    assert other.headers["etag"] != first.headers["etag"]
    posted = await http.post("/graphql", json=HELLO, headers=validator)
    assert posted.status_code == 200


@pytest.mark.anyio
async def test_a_refusal_says_which_bodies_are_read(client: ClientFactory) -> None:
    http = client()
    other_method = await http.put("/graphql", json=HELLO)
    other_type = await http.request(
        "QUERY", "/graphql", content=b"{ hello }", headers={"content-type": "application/graphql"}
    )
    no_type = await http.request("QUERY", "/graphql", content=json.dumps(HELLO).encode())
    refusals = (other_method, other_type, no_type)
    assert [response.status_code for response in refusals] == [405, 415, 415]
    for response in refusals:
        assert response.headers["accept-query"] == "application/json"


@pytest.mark.anyio
async def test_pages_of_other_origins_need_a_preflight(client: ClientFactory) -> None:
    http = client(cors_origins="https://app.example")
    asked = {
        "origin": "https://app.example",
        "access-control-request-method": "QUERY",
        "access-control-request-headers": "content-type",
    }
    allowed = await http.options("/graphql", headers=asked)
    assert "QUERY" in allowed.headers["access-control-allow-methods"]
    asked["origin"] = "https://evil.example"
    assert (await http.options("/graphql", headers=asked)).status_code == 400
    forged = {"origin": "https://evil.example"}
    response = await http.request("QUERY", "/graphql", json=HELLO, headers=forged)
    assert response.status_code == 403


@pytest.mark.anyio
async def test_a_browsers_query_gets_data_and_not_the_playground(client: ClientFactory) -> None:
    headers = {"accept": "text/html, */*;q=0.1"}
    response = await client().request("QUERY", "/graphql", json=HELLO, headers=headers)
    assert response.json() == {"data": {"hello": "Hello, world!"}}


def test_a_real_server_reads_the_method(serve: Start) -> None:
    _, url = serve()
    response = httpx.request("QUERY", f"{url}/graphql", json={"query": "{ __typename }"})
    assert response.json() == {"data": {"__typename": "Query"}}
