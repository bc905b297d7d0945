"""Authentication: tokens, the local machine, everybody else."""

import hmac

import httpx
import pytest

from api.graphql.authentication import Authenticator
from api.settings import SettingsError
from store.audience import Audience
from tests.api.conftest import AppFactory, ClientFactory

pytestmark = pytest.mark.anyio

TOKENS = ("first-token-of-sixteen", "second-token-of-sixteen")
QUERY = {"query": "{ audience }"}


async def audience_of(http: httpx.AsyncClient, **headers: str) -> object:
    response = await http.post("/graphql", json=QUERY, headers=headers)
    assert response.status_code == 200, response.text
    return response.json()["data"]["audience"]


async def test_callers_on_this_machine_are_editors_unless_set_otherwise(
    client: ClientFactory,
) -> None:
    assert await audience_of(client()) == "editor"
    assert await audience_of(client(audience=Audience.PUBLIC)) == "public"


async def test_each_token_makes_an_editor(client: ClientFactory) -> None:
    http = client(audience=Audience.PUBLIC, editor_tokens=TOKENS)
    for token in TOKENS:
        assert await audience_of(http, authorization=f"Bearer {token}") == "editor"
        assert await audience_of(http, authorization=f"bearer  {token}") == "editor"
    assert await audience_of(http) == "public"


@pytest.mark.parametrize(
    "authorization",
    ["Bearer wrong", "Bearer ", "Bearer", "", "Basic dXNlcjpwYXNz", TOKENS[0],
     f"Bearer {TOKENS[0]}x", f"Bearer {TOKENS[0][:-1]}", "Bearer ü", f"Bearer {','.join(TOKENS)}"],
)  # fmt: skip
async def test_a_wrong_token_is_refused_and_not_treated_as_public(
    client: ClientFactory, authorization: str
) -> None:
    for tokens in (TOKENS, ()):
        http = client(audience=Audience.PUBLIC, editor_tokens=tokens)
        headers = {b"authorization": authorization.encode()}
        response = await http.post("/graphql", json=QUERY, headers=headers)
        assert response.status_code == 401
        assert response.headers["www-authenticate"].startswith("Bearer")
        assert response.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        assert "data" not in response.json()


async def test_every_token_is_compared_in_constant_time_whichever_matches(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared: list[tuple[int, int]] = []
    compare = hmac.compare_digest

    def counting(a: bytes, b: bytes) -> bool:
        compared.append((len(a), len(b)))
        return compare(a, b)

    monkeypatch.setattr(hmac, "compare_digest", counting)
    callers = Authenticator(anonymous=Audience.PUBLIC, local_only=False, editor_tokens=TOKENS)
    for token in (*TOKENS, "x", "y" * 10_000):
        callers._is_known(token)
    assert compared == [(32, 32)] * 8


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "api.example"])  # noqa: S104
def test_a_server_that_others_can_reach_needs_an_audience_to_start(
    app_with: AppFactory, host: str
) -> None:
    with pytest.raises(SettingsError, match="NEWSGRAPH_AUDIENCE is not set"):
        app_with(host=host)
    app_with(host=host, audience=Audience.PUBLIC)


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000", "demo.localhost", "127.1.2.3"])  # fmt: skip  # noqa: E501
async def test_the_local_machine_may_be_addressed_by_any_of_its_names(
    client: ClientFactory, host: str
) -> None:
    assert await audience_of(client(), host=host) == "editor"


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
async def test_dns_rebinding_or_a_proxy_makes_nobody_an_editor(
    client: ClientFactory, headers: dict[str, str]
) -> None:
    response = await client().post("/graphql", json=QUERY, headers=headers)
    assert response.status_code == 403
    assert "NEWSGRAPH_AUDIENCE" in response.json()["errors"][0]["message"]
    assert await audience_of(client(audience=Audience.EDITOR), **headers) == "editor"


async def test_metrics_are_for_editors(client: ClientFactory) -> None:
    http = client(audience=Audience.PUBLIC, editor_tokens=TOKENS)
    assert (await http.get("/metrics")).status_code == 401
    editor = {"authorization": f"Bearer {TOKENS[0]}"}
    assert (await http.get("/metrics", headers=editor)).status_code == 200


async def test_the_schema_is_public_unless_introspection_is_off(client: ClientFactory) -> None:
    http = client(audience=Audience.PUBLIC)
    response = await http.get("/schema.graphql")
    assert response.status_code == 200
    assert "type Query" in response.text
    http = client(audience=Audience.PUBLIC, introspection=False)
    assert (await http.get("/schema.graphql")).status_code == 401
