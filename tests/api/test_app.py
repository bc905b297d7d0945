"""The routes of the application, who may use them, and what it closes."""

from pathlib import Path

import httpx
import pytest

from api.settings import SettingsError
from store.audience import Audience
from tests.api.conftest import AppFactory, ClientFactory, Corpus

pytestmark = pytest.mark.anyio

TOKEN = "a-token-of-sixteen-characters"  # noqa: S105


def test_without_an_audience_no_app_is_made_for_a_public_address(app_with: AppFactory) -> None:
    with pytest.raises(SettingsError, match="NEWSGRAPH_AUDIENCE is not set"):
        app_with(host="api.example")


async def test_the_store_is_closed_when_the_app_stops(app_with: AppFactory, corpus: Corpus) -> None:
    app = app_with()
    async with app.router.lifespan_context(app):
        assert not corpus.closed
    assert corpus.closed


async def test_the_schema_is_for_editors_if_introspection_is_off(client: ClientFactory) -> None:
    public = client(audience=Audience.PUBLIC, editor_tokens=(TOKEN,))
    response = await public.get("/schema.graphql")
    assert response.headers["content-type"] == "application/graphql; charset=utf-8"
    assert "type Query {" in response.text
    hidden = client(audience=Audience.PUBLIC, editor_tokens=(TOKEN,), introspection=False)
    assert (await hidden.get("/schema.graphql")).status_code == 401
    editor = {"authorization": f"Bearer {TOKEN}"}
    assert (await hidden.get("/schema.graphql", headers=editor)).status_code == 200


async def test_metrics_are_for_editors(client: ClientFactory) -> None:
    http = client(audience=Audience.PUBLIC, editor_tokens=(TOKEN,))
    response = await http.get("/metrics")
    assert response.status_code == 401
    assert response.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_the_playground_can_be_turned_off(client: ClientFactory) -> None:
    browser = {"accept": "text/html,*/*;q=0.8"}
    page = await client().get("/graphql", headers=browser)
    assert page.headers["content-type"].startswith("text/html")
    response = await client(playground=False).get("/graphql", headers=browser)
    assert response.headers["content-type"].startswith("application/json")


async def test_a_slash_at_the_end_makes_no_difference(client: ClientFactory) -> None:
    http = client(audience=Audience.PUBLIC)
    query = {"query": "{ audience }"}
    for response in (
        await http.post("/graphql/", json=query, headers={"host": "news.example"}),
        await http.get("/graphql/", params=query),
    ):
        assert response.json() == {"data": {"audience": "public"}}


async def test_no_redirect_is_made_of_the_name_that_a_client_sends(
    client: ClientFactory, tmp_path: Path
) -> None:
    http = client(audience=Audience.PUBLIC, media_dir=tmp_path)
    (tmp_path / "folder").mkdir()
    paths = ["", "graphql/", "media", "media/", "media/folder", "media/folder/", "playground",
             "playground/", "healthz/", "readyz/", "metrics/", "/graphql"]  # fmt: skip
    for method in ("GET", "POST"):
        for path in paths:
            response = await http.request(
                method, f"http://localhost:8000/{path}", headers={"host": "evil.example"}
            )
            assert "evil.example" not in response.headers.get("location", ""), path
            assert "://" not in response.headers.get("location", ""), path


async def test_pages_of_configured_origins_may_call_the_api(client: ClientFactory) -> None:
    http = client(cors_origins=("https://app.example",))
    allowed = await _preflight(http, "https://app.example")
    assert allowed.headers["access-control-allow-origin"] == "https://app.example"
    other = await _preflight(http, "https://evil.example")
    assert "access-control-allow-origin" not in other.headers


async def _preflight(http: httpx.AsyncClient, origin: str) -> httpx.Response:
    headers = {"origin": origin, "access-control-request-method": "POST"}
    return await http.options("/graphql", headers=headers)


@pytest.mark.parametrize(
    ("method", "path", "status"), [("POST", "/graphq", 404), ("POST", "/", 405), ("GET", "/x", 404)]
)
async def test_a_client_at_another_address_learns_where_the_api_is(
    client: ClientFactory, method: str, path: str, status: int
) -> None:
    response = await client().request(method, path)
    assert response.status_code == status
    (error,) = response.json()["errors"]
    assert error["message"].endswith("The API is at /graphql.")
