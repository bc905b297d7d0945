"""Who is asking: tokens, the local machine, everybody else."""

import hmac

import pytest

from api.graphql.callers import Authenticator
from api.settings import Settings, SettingsError
from store.audience import Audience

pytestmark = pytest.mark.anyio

TOKENS = ("first-token-of-sixteen", "second-token-of-sixteen")
WHO = {"query": "{ audience }"}


async def who(http, **headers) -> str:
    response = await http.post("/graphql", json=WHO, headers=headers)
    assert response.status_code == 200, response.text
    return response.json()["data"]["audience"]


async def test_on_this_machine_everybody_is_an_editor_unless_told_otherwise(client):
    assert await who(client()) == "editor"
    assert await who(client(audience=Audience.PUBLIC)) == "public"


async def test_each_token_makes_an_editor(client):
    http = client(audience=Audience.PUBLIC, editor_tokens=TOKENS)
    for token in TOKENS:
        assert await who(http, authorization=f"Bearer {token}") == "editor"
        assert await who(http, authorization=f"bearer  {token}") == "editor"
    assert await who(http) == "public"


@pytest.mark.parametrize(
    "authorization",
    ["Bearer wrong", "Bearer ", "Bearer", "", "Basic dXNlcjpwYXNz", TOKENS[0],
     f"Bearer {TOKENS[0]}x", f"Bearer {TOKENS[0][:-1]}", "Bearer ü", f"Bearer {','.join(TOKENS)}"],
)  # fmt: skip
async def test_a_wrong_token_is_never_quietly_public(client, authorization):
    for tokens in (TOKENS, ()):
        http = client(audience=Audience.PUBLIC, editor_tokens=tokens)
        headers = {"authorization": authorization.encode()}
        response = await http.post("/graphql", json=WHO, headers=headers)
        assert response.status_code == 401
        assert response.headers["www-authenticate"].startswith("Bearer")
        assert response.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        assert "data" not in response.json()


async def test_every_token_is_compared_in_constant_time_whichever_matches(monkeypatch):
    compared = []
    compare = hmac.compare_digest

    def counting(a, b):
        compared.append((len(a), len(b)))
        return compare(a, b)

    monkeypatch.setattr(hmac, "compare_digest", counting)
    callers = Authenticator(Settings(editor_tokens=TOKENS))
    for token in (*TOKENS, "x", "y" * 10_000):
        callers._is_known(token)
    assert compared == [(32, 32)] * 8


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "api.example"])  # noqa: S104
def test_a_server_that_others_can_reach_does_not_start_before_it_knows_who_they_are(make_app, host):
    with pytest.raises(SettingsError, match="NEWSGRAPH_AUDIENCE is not set"):
        make_app(host=host)
    make_app(host=host, audience=Audience.PUBLIC)


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000", "demo.localhost", "127.1.2.3"])  # fmt: skip  # noqa: E501
async def test_the_local_machine_by_any_of_its_names_is_answered(client, host):
    assert await who(client(), host=host) == "editor"


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "rebound.example:8000"},
        {"host": "localhost.example"},
        {"host": "127.0.0.1.example"},
        {"host": ""},
        {"x-forwarded-for": "203.0.113.9"},
        {"forwarded": "for=203.0.113.9"},
        {"via": "1.1 proxy"},
    ],
)
async def test_nobody_becomes_an_editor_by_dns_rebinding_or_through_a_proxy(client, headers):
    response = await client().post("/graphql", json=WHO, headers=headers)
    assert response.status_code == 403
    assert "NEWSGRAPH_AUDIENCE" in response.json()["errors"][0]["message"]
    assert await who(client(audience=Audience.EDITOR), **headers) == "editor"


async def test_metrics_are_for_editors(client):
    http = client(audience=Audience.PUBLIC, editor_tokens=TOKENS)
    assert (await http.get("/metrics")).status_code == 401
    editor = {"authorization": f"Bearer {TOKENS[0]}"}
    assert (await http.get("/metrics", headers=editor)).status_code == 200


async def test_the_schema_is_for_everybody_unless_introspection_is_off(client):
    http = client(audience=Audience.PUBLIC)
    response = await http.get("/schema.graphql")
    assert response.status_code == 200
    assert "type Query" in response.text
    http = client(audience=Audience.PUBLIC, introspection=False)
    assert (await http.get("/schema.graphql")).status_code == 401
