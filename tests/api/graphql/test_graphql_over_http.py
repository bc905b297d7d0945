"""GraphQL over HTTP: methods, media types, parameters and status codes.

Covers `endpoint`, `operations`, `request`, `negotiation`, `execution`, `response` and `refusal`.
"""

import gzip
import json
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.requests import Request
from starlette.types import Message

from api.graphql.headers import headers_of
from api.graphql.refusal import Refusal
from api.graphql.request import read_request
from tests.api.conftest import ClientFactory

pytestmark = pytest.mark.anyio

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"


async def post(
    client: httpx.AsyncClient, accept: str | None = None, **body: object
) -> httpx.Response:
    headers = {"accept": accept} if accept else {}
    return await client.post("/graphql", json=body, headers=headers)


async def test_post_executes_an_operation_with_its_variables(client: ClientFactory) -> None:
    query = "query Greet($name: String!) { hello(name: $name) }"
    response = await post(client(), query=query, variables={"name": "Ada"})
    assert response.status_code == 200
    assert response.json() == {"data": {"hello": "Hello, Ada!"}}


async def test_get_executes_an_operation_with_its_variables(client: ClientFactory) -> None:
    parameters = {
        "query": "query A { audience } query Greet($name: String!) { hello(name: $name) }",
        "operationName": "Greet",
        "variables": json.dumps({"name": "Ada"}),
        "extensions": "{}",
    }
    response = await client().get("/graphql", params=parameters)
    assert response.json() == {"data": {"hello": "Hello, Ada!"}}


async def test_an_empty_operation_name_is_an_absent_one(client: ClientFactory) -> None:
    response = await post(client(), query="{ hello }", operationName="")
    assert response.json() == {"data": {"hello": "Hello, world!"}}


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (GRAPHQL, GRAPHQL),
        (f"{GRAPHQL}, {JSON}", GRAPHQL),
        (f"{JSON}, {GRAPHQL}", JSON),
        (f"{GRAPHQL}, {JSON};q=0.9", GRAPHQL),
        (f"{GRAPHQL};q=0.5, {JSON};q=0.9", JSON),
        (f"{JSON};q=0, */*", GRAPHQL),
        (f"text/html, {GRAPHQL.upper()};q=0.1", GRAPHQL),
        (f"{GRAPHQL};charset=utf-8", GRAPHQL),
    ],
)
async def test_the_response_has_the_media_type_that_the_client_prefers(
    client: ClientFactory, accept: str | None, expected: str
) -> None:
    http = client(playground=False)
    http.headers.pop("accept")
    response = await post(http, accept, query="{ hello }")
    assert response.headers["content-type"] == f"{expected}; charset=utf-8"
    assert response.status_code == 200


@pytest.mark.parametrize("accept", ["text/plain", "image/*", f"{JSON};q=0", "nonsense;q=x"])
async def test_a_client_that_accepts_neither_type_gets_406(
    client: ClientFactory, accept: str
) -> None:
    response = await post(client(), accept, query="{ hello }")
    assert response.status_code == 406


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"query": "{"}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ nope }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "query($x: String!) { hello(name: $x) }"}, "BAD_USER_INPUT"),
        ({"query": "query A { hello }", "operationName": "B"}, "BAD_USER_INPUT"),
        ({"query": "query A { hello } query B { hello }"}, "BAD_USER_INPUT"),
        ({"query": "fragment F on Query { hello }"}, "BAD_USER_INPUT"),
        ({"query": "subscription { hello }"}, "GRAPHQL_VALIDATION_FAILED"),
    ],
)
async def test_a_request_error_is_400_without_data_or_200_for_legacy_clients(
    client: ClientFactory, body: dict[str, str], code: str
) -> None:
    response = await post(client(), GRAPHQL, **body)
    assert response.status_code == 400
    assert "data" not in response.json()
    assert response.json()["errors"][0]["extensions"]["code"] == code
    assert (await post(client(), JSON, **body)).status_code == 200


@pytest.mark.parametrize("definitions", ["query A { hello }", "{ hello }", "query { hello }"])
async def test_several_operations_need_an_operation_name(
    client: ClientFactory, definitions: str
) -> None:
    response = await post(client(), GRAPHQL, query=f"{definitions} query B {{ audience }}")
    assert response.status_code == 400
    assert response.json()["errors"] == [
        {
            "message": "operationName must name one of the query's operations.",
            "extensions": {"code": "BAD_USER_INPUT"},
        }
    ]


async def test_the_price_is_reported_on_request(client: ClientFactory) -> None:
    response = await post(client(), query="{ hello }", extensions={"cost": True})
    report = {"requested": 0, "used": 1, "limit": 10_000, "depth": 1, "databaseCalls": 0}
    assert response.json()["extensions"] == {"cost": report}
    response = await post(client(), query="{ hello(name: 1) }", extensions={"cost": True})
    assert "extensions" not in response.json()


async def test_a_variable_error_is_a_request_error_with_its_price(client: ClientFactory) -> None:
    query = "query($x: String!) { hello(name: $x) }"
    response = await post(client(), GRAPHQL, query=query, extensions={"cost": True})
    assert response.status_code == 400
    assert response.json()["extensions"]["cost"]["depth"] == 1


async def test_the_word_query_may_occur_twice_in_one_operation(client: ClientFactory) -> None:
    query = 'query query { query: hello(name: "query mutation subscription") }'
    response = await post(client(), query=query)
    assert response.json() == {"data": {"query": "Hello, query mutation subscription!"}}


async def test_field_errors_leave_the_status_200(client: ClientFactory) -> None:
    response = await post(client(), GRAPHQL, query="{ hello refused }")
    assert response.status_code == 200
    assert response.json() == {
        "data": {"hello": "Hello, world!", "refused": None},
        "errors": [
            {
                "message": "first must not be negative.",
                "locations": [{"line": 1, "column": 9}],
                "path": ["refused"],
                "extensions": {"code": "BAD_USER_INPUT"},
            }
        ],
    }


@pytest.mark.parametrize("accept", [JSON, GRAPHQL])
async def test_a_mutation_by_get_is_not_allowed(client: ClientFactory, accept: str) -> None:
    response = await client().get(
        "/graphql", params={"query": "mutation { touch }"}, headers={"accept": accept}
    )
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"


async def test_other_methods_are_not_allowed(client: ClientFactory) -> None:
    response = await client().put("/graphql", json={"query": "{ hello }"})
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, POST, QUERY"


@pytest.mark.parametrize(
    "content_type",
    [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
     "application/json; charset=utf-16", "application/graphql"],
)  # fmt: skip
async def test_only_json_in_utf8_is_a_request_body(
    client: ClientFactory, content_type: str | None
) -> None:
    headers = {"content-type": content_type} if content_type else {}
    response = await client().post("/graphql", content=b'{"query": "{ hello }"}', headers=headers)
    assert response.status_code == 415


async def test_a_compressed_body_is_refused(client: ClientFactory) -> None:
    headers = {"content-type": JSON, "content-encoding": "gzip"}
    response = await client().post("/graphql", content=gzip.compress(b"{}"), headers=headers)
    assert response.status_code == 415


@pytest.mark.parametrize(
    "content_type", ["application/json;charset=UTF-8", 'application/JSON; charset="utf-8"']
)
async def test_the_charset_utf8_may_be_spelled_in_any_way(
    client: ClientFactory, content_type: str
) -> None:
    headers = {"content-type": content_type}
    body = '{"query": "{ hello(name: \\"🗞\\") }"}'.encode()
    response = await client().post("/graphql", content=body, headers=headers)
    assert response.json() == {"data": {"hello": "Hello, 🗞!"}}


@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b'"query"', b"{", b"[" * 2000, b"[]", b"\xff\xfe",
        b'[{"query": "{ hello }"}]', b'{"qeury": "{ hello }"}',
        b'{"query": "\\ud800"}', b'{"query": null}', b'{"query": 1}', b'{"query": ["{ hello }"]}',
        b'{"query": "{ hello }", "variables": []}', b'{"query": "{ hello }", "variables": "{}"}',
        b'{"query": "{ hello }", "extensions": 1}', b'{"query": "{ hello }", "operationName": {}}',
        b'{"query": "{ hello }", "variables": {"x": ' + b"1" * 5000 + b"}}",
    ],
)  # fmt: skip
async def test_a_malformed_request_is_400_for_every_client(
    client: ClientFactory, body: bytes
) -> None:
    for accept in (JSON, GRAPHQL):
        headers = {"content-type": JSON, "accept": accept}
        response = await client().post("/graphql", content=body, headers=headers)
        assert response.status_code == 400
        assert response.json()["errors"][0]["message"].endswith((".", "]"))
        assert "data" not in response.json()


async def test_deeply_nested_variables_are_a_client_error(client: ClientFactory) -> None:
    nested = "[" * 200 + "]" * 200
    query = '"query($x: String) { hello(name: $x) }"'
    body = f'{{"query": {query}, "variables": {{"x": {nested}}}}}'
    response = await client().post("/graphql", content=body, headers={"content-type": JSON})
    assert response.status_code == 200
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_a_parameter_given_twice_is_refused(client: ClientFactory) -> None:
    response = await client().get("/graphql?query=%7Bhello%7D&query=%7Baudience%7D")
    assert response.status_code == 400


async def test_a_body_over_the_limit_is_refused_before_it_is_read(client: ClientFactory) -> None:
    sent = []

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(1000):
            sent.append(1)
            yield b" " * 1024

    response = await client(max_body_kb=8).post(
        "/graphql", content=endless(), headers={"content-type": JSON}
    )
    assert response.status_code == 413
    assert response.headers["connection"] == "close"
    headers = {"content-type": JSON, "content-length": "9" * 30}
    response = await client(max_body_kb=8).post("/graphql", content=b"{}", headers=headers)
    assert response.status_code == 413


async def test_a_client_that_disconnects_while_sending_is_refused() -> None:
    async def receive() -> Message:
        return {"type": "http.disconnect"}

    headers = [(b"content-type", b"application/json")]
    request = Request({"type": "http", "method": "POST", "headers": headers}, receive)
    with pytest.raises(Refusal) as caught:
        await read_request(request, headers_of(request.scope), max_body=100, timeout_s=1)
    assert caught.value.status == 400
    assert caught.value.headers == {"connection": "close"}


async def test_long_responses_are_compressed_for_clients_that_accept_gzip(
    client: ClientFactory,
) -> None:
    http = client()
    plain = await http.post(
        "/graphql", json={"query": "{ long }"}, headers={"accept-encoding": "identity"}
    )
    assert "content-encoding" not in plain.headers
    for accept_encoding in ("gzip", "br, gzip;q=0.5", "*"):
        packed = await http.post(
            "/graphql", json={"query": "{ long }"}, headers={"accept-encoding": accept_encoding}
        )
        assert packed.headers["content-encoding"] == "gzip"
        assert int(packed.headers["content-length"]) < len(plain.content) / 5
        assert packed.json() == plain.json()
        assert "Accept-Encoding" in packed.headers["vary"]
    refused = await http.post(
        "/graphql", json={"query": "{ long }"}, headers={"accept-encoding": "gzip;q=0, *"}
    )
    assert "content-encoding" not in refused.headers
    short = await post(http, query="{ hello }")
    assert "content-encoding" not in short.headers


async def test_the_compressed_form_is_the_same_for_every_server(client: ClientFactory) -> None:
    http = client(cache_mb=0)
    headers = {"accept-encoding": "gzip"}
    raw = []
    for _ in range(2):
        async with http.stream(
            "POST", "/graphql", json={"query": "{ long }"}, headers=headers
        ) as r:
            raw.append(b"".join([chunk async for chunk in r.aiter_raw()]))
    assert raw[0] == raw[1]
    assert gzip.decompress(raw[0]).startswith(b'{"data"')


async def test_only_browsers_get_the_playground(client: ClientFactory) -> None:
    html = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    page = await client().get("/graphql", headers={"accept": html})
    assert page.headers["content-type"].startswith("text/html")
    off = await client(playground=False).get("/graphql", headers={"accept": html})
    assert off.status_code == 400
    response = await client().get("/graphql", params={"query": "{ hello }"})
    assert response.headers["content-type"].startswith(JSON)
