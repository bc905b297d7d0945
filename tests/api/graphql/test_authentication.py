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


async def test_an_editor_can_ask_as_the_public_and_nobody_as_an_editor(
    client: ClientFactory,
) -> None:
    editor = client()
    assert await audience_of(editor, **{"newsgraph-audience": "public"}) == "public"
    assert await audience_of(editor, **{"newsgraph-audience": " Public "}) == "public"
    for http in (editor, client(audience=Audience.PUBLIC, editor_tokens=TOKENS)):
        headers = {"newsgraph-audience": "editor"}
        response = await http.post("/graphql", json=QUERY, headers=headers)
        assert response.status_code == 400
        wrong = {"newsgraph-audience": "public", "authorization": "Bearer wrong"}
        assert (await http.post("/graphql", json=QUERY, headers=wrong)).status_code == 401


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


APP = "https://app.example"
OTHER_PAGES = [
    {"origin": APP},
    {"origin": APP, "sec-fetch-site": "cross-site"},
    {"origin": "http://localhost:3000", "sec-fetch-site": "same-site"},
    {"origin": "null"},
    {"origin": "http://["},
    {"sec-fetch-site": "cross-site", "graphql-preflight": "1"},
]


@pytest.mark.parametrize("page", OTHER_PAGES)
@pytest.mark.parametrize("origins", [("*",), (APP, "http://localhost:3000", "*")])
async def test_a_page_of_another_origin_is_the_public_unless_it_sends_a_token(
    client: ClientFactory, page: dict[str, str], origins: tuple[str, ...]
) -> None:
    http = client(cors_origins=origins, editor_tokens=TOKENS)
    assert await audience_of(http, **page) == "public"
    assert await audience_of(http, **page, authorization=f"Bearer {TOKENS[0]}") == "editor"
    assert (await http.get("/metrics", headers=page)).status_code == 401


async def test_a_named_origin_has_the_rights_that_were_given_to_everybody(
    client: ClientFactory,
) -> None:
    named = client(audience=Audience.EDITOR, cors_origins=(APP, "https://*.preview.example", "*"))
    assert await audience_of(named, origin=APP) == "editor"
    assert await audience_of(named, origin="https://a.preview.example") == "public"
    assert await audience_of(named, origin="https://other.example") == "public"


async def test_pages_of_this_origin_and_programs_are_editors(client: ClientFactory) -> None:
    http = client(cors_origins=("*",))
    own: list[dict[str, str]] = [
        {},
        {"origin": "http://localhost:8000"},
        {"origin": "http://localhost:8000", "sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
    ]
    for headers in own:
        assert await audience_of(http, **headers) == "editor"


async def test_caches_learn_that_the_audience_depends_on_the_page(client: ClientFactory) -> None:
    http = client(cors_origins=("*",), max_age_s=60)
    page = await http.post("/graphql", json=QUERY, headers={"origin": APP})
    own = await http.post("/graphql", json=QUERY)
    assert page.headers["cache-control"] == "public, max-age=60"
    assert own.headers["cache-control"] == "private, no-store"
    for response in (page, own):
        assert {"Origin", "Sec-Fetch-Site"} <= set(response.headers["vary"].split(", "))
    public = await client(audience=Audience.PUBLIC).post("/graphql", json=QUERY)
    assert public.headers["vary"] == ("Accept, Accept-Encoding, Authorization, Newsgraph-Audience")


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
