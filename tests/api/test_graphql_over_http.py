"""GraphQL over HTTP: methods, media types, parameters and status codes."""

import gzip
import json

import httpx
import pytest

pytestmark = pytest.mark.anyio

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"


async def ask(client: httpx.AsyncClient, accept: str | None = None, **body) -> httpx.Response:
    headers = {"accept": accept} if accept else {}
    return await client.post("/graphql", json=body, headers=headers)


async def test_post_answers_an_operation_with_its_variables(client):
    query = "query Greet($name: String!) { hello(name: $name) }"
    response = await ask(client(), query=query, variables={"name": "Ada"})
    assert response.status_code == 200
    assert response.json() == {"data": {"hello": "Hello, Ada!"}}


async def test_get_answers_an_operation_with_its_variables(client):
    parameters = {
        "query": "query A { audience } query Greet($name: String!) { hello(name: $name) }",
        "operationName": "Greet",
        "variables": json.dumps({"name": "Ada"}),
        "extensions": "{}",
    }
    response = await client().get("/graphql", params=parameters)
    assert response.json() == {"data": {"hello": "Hello, Ada!"}}


async def test_an_empty_operation_name_is_an_absent_one(client):
    response = await ask(client(), query="{ hello }", operationName="")
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
async def test_the_response_has_the_media_type_that_the_client_likes_best(client, accept, expected):
    http = client(playground=False)
    http.headers.pop("accept")
    response = await ask(http, accept, query="{ hello }")
    assert response.headers["content-type"] == f"{expected}; charset=utf-8"
    assert response.status_code == 200


@pytest.mark.parametrize("accept", ["text/plain", "image/*", f"{JSON};q=0", "nonsense;q=x"])
async def test_a_client_that_takes_neither_type_is_told_so(client, accept):
    response = await ask(client(), accept, query="{ hello }")
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
        ({"query": "subscription { hello }"}, "BAD_USER_INPUT"),
    ],
)
async def test_what_cannot_be_executed_is_400_without_data_or_200_for_legacy_clients(
    client, body, code
):
    response = await ask(client(), GRAPHQL, **body)
    assert response.status_code == 400
    assert "data" not in response.json()
    assert response.json()["errors"][0]["extensions"]["code"] == code
    assert (await ask(client(), JSON, **body)).status_code == 200


async def test_a_document_that_says_query_twice_may_still_have_one_operation(client):
    query = 'query query { query: hello(name: "query mutation subscription") }'
    response = await ask(client(), query=query)
    assert response.json() == {"data": {"query": "Hello, query mutation subscription!"}}


async def test_field_errors_leave_the_status_200(client):
    response = await ask(client(), GRAPHQL, query="{ hello refused }")
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
async def test_a_mutation_by_get_is_not_allowed(client, accept):
    response = await client().get(
        "/graphql", params={"query": "mutation { touch }"}, headers={"accept": accept}
    )
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"


async def test_other_methods_are_not_allowed(client):
    response = await client().put("/graphql", json={"query": "{ hello }"})
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, POST"


@pytest.mark.parametrize(
    "content_type",
    [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
     "application/json; charset=utf-16", "application/graphql"],
)  # fmt: skip
async def test_only_json_in_utf8_is_a_request_body(client, content_type):
    headers = {"content-type": content_type} if content_type else {}
    response = await client().post("/graphql", content=b'{"query": "{ hello }"}', headers=headers)
    assert response.status_code == 415


@pytest.mark.parametrize(
    "content_type", ["application/json;charset=UTF-8", 'application/JSON; charset="utf-8"']
)
async def test_utf8_may_be_said_in_any_spelling(client, content_type):
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
async def test_a_body_that_is_no_request_is_400_for_every_client(client, body):
    for accept in (JSON, GRAPHQL):
        headers = {"content-type": JSON, "accept": accept}
        response = await client().post("/graphql", content=body, headers=headers)
        assert response.status_code == 400
        assert response.json()["errors"][0]["message"].endswith((".", "]"))
        assert "data" not in response.json()


async def test_variables_nested_beyond_reason_are_no_server_error(client):
    nested = "[" * 1000 + "]" * 1000
    query = '"query($x: String) { hello(name: $x) }"'
    body = f'{{"query": {query}, "variables": {{"x": {nested}}}}}'
    response = await client().post("/graphql", content=body, headers={"content-type": JSON})
    assert response.status_code == 200
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_a_parameter_given_twice_is_refused(client):
    response = await client().get("/graphql?query=%7Bhello%7D&query=%7Baudience%7D")
    assert response.status_code == 400


async def test_a_body_over_the_limit_is_refused_before_it_is_read(client):
    sent = []

    async def endless():
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


async def test_long_answers_are_compressed_for_clients_that_can_read_them(client):
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
    short = await ask(http, query="{ hello }")
    assert "content-encoding" not in short.headers


async def test_the_compressed_form_is_the_same_for_every_server(client):
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


async def test_browsers_get_the_playground_and_nothing_else_does(client):
    html = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    page = await client().get("/graphql", headers={"accept": html})
    assert page.headers["content-type"].startswith("text/html")
    off = await client(playground=False).get("/graphql", headers={"accept": html})
    assert off.status_code == 400
    answer = await client().get("/graphql", params={"query": "{ hello }"})
    assert answer.headers["content-type"].startswith(JSON)
