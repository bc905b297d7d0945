"""What pages of other origins can and cannot do: `csrf`, `origins`, and CORS."""

import pytest

from api.graphql.origins import Origins
from tests.api.conftest import ClientFactory

pytestmark = pytest.mark.anyio

APP = "https://app.example"
QUERY = {"query": "{ hello }"}


async def test_a_get_by_a_page_of_another_site_is_refused(client: ClientFactory) -> None:
    for site in ("cross-site", "same-site"):
        response = await client().get("/graphql", params=QUERY, headers={"sec-fetch-site": site})
        assert response.status_code == 403
        assert response.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    response = await client().get("/graphql", params=QUERY, headers={"origin": APP})
    assert response.status_code == 403


async def test_a_get_by_this_origin_a_person_or_a_program_is_allowed(client: ClientFactory) -> None:
    allowed: tuple[dict[str, str], ...] = (
        {},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "same-origin", "origin": "http://localhost:8000"},
        {"origin": "http://localhost:8000"},
    )
    for headers in allowed:
        assert (await client().get("/graphql", params=QUERY, headers=headers)).status_code == 200


async def test_a_header_that_needs_a_preflight_is_sufficient(client: ClientFactory) -> None:
    for name in ("apollo-require-preflight", "x-apollo-operation-name", "graphql-preflight"):
        headers = {"sec-fetch-site": "cross-site", name: "1"}
        assert (await client().get("/graphql", params=QUERY, headers=headers)).status_code == 200


async def test_forms_cannot_post(client: ClientFactory) -> None:
    headers = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
    for content_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        headers["content-type"] = content_type
        response = await client().post("/graphql", content=b"{}", headers=headers)
        assert response.status_code in (403, 415)


async def test_an_allowed_origin_may_call_and_others_may_not(client: ClientFactory) -> None:
    http = client(cors_origins=(APP,))
    preflight = {
        "origin": APP,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization, content-type",
    }
    response = await http.options("/graphql", headers=preflight)
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == APP
    response = await http.post("/graphql", json=QUERY, headers={"origin": APP})
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == APP
    assert "Origin" in response.headers["vary"]
    assert "etag" in response.headers["access-control-expose-headers"]
    headers = {"origin": APP, "sec-fetch-site": "cross-site"}
    assert (await http.get("/graphql", params=QUERY, headers=headers)).status_code == 200
    for other in ("https://evil.example", "null", "https://app.example.evil.example"):
        response = await http.get("/graphql", params=QUERY, headers={"origin": other})
        assert response.status_code == 403
        assert "access-control-allow-origin" not in response.headers
        preflight["origin"] = other
        assert (await http.options("/graphql", headers=preflight)).status_code == 400


PREVIEWS = ("https://*.preview.example", "http://*.preview.example:3000")
LOOK_ALIKES = (
    "https://preview.example",
    "https://.preview.example",
    "https://preview.example.evil",
    "https://a.preview.example.evil",
    "https://evilpreview.example",
    "https://a.previewXexample",
    "https://a.b.preview.example",
    "https://a.preview.example:3000",
    "https://a.preview.example.",
    "https://a.preview.example\n",
    "https://evil.example/a.preview.example",
    "https://evil.example#.preview.example",
    "https://*.preview.example",
    "http://a.preview.example",
    f"https://{'a' * 64}.preview.example",
    f"https://{'a' * 50_000}.preview.example",
    "null",
    "",
)


@pytest.mark.parametrize("origin", ["https://a.preview.example", "http://b-2.preview.example:3000"])
async def test_a_pattern_allows_the_origins_one_label_below(
    client: ClientFactory, origin: str
) -> None:
    http = client(cors_origins=PREVIEWS)
    preflight = {"origin": origin, "access-control-request-method": "POST"}
    for response in (
        await http.options("/graphql", headers=preflight),
        await http.get(
            "/graphql", params=QUERY, headers={"origin": origin, "sec-fetch-site": "cross-site"}
        ),
    ):
        assert response.status_code == 200
        assert response.headers["access-control-allow-origin"] == origin
        assert "Origin" in response.headers["vary"]


@pytest.mark.parametrize("origin", LOOK_ALIKES, ids=lambda origin: origin[:40])
async def test_a_pattern_allows_no_look_alike(client: ClientFactory, origin: str) -> None:
    assert not Origins(PREVIEWS).allow(origin)
    if "\n" in origin:
        return  # no header can have it
    http = client(cors_origins=PREVIEWS)
    headers = {"origin": origin, "sec-fetch-site": "cross-site"}
    response = await http.get("/graphql", params=QUERY, headers=headers)
    assert response.status_code == 403
    assert "access-control-allow-origin" not in response.headers
    preflight = {"origin": origin, "access-control-request-method": "POST"}
    assert (
        "access-control-allow-origin"
        not in (await http.options("/graphql", headers=preflight)).headers
    )


async def test_a_star_allows_every_origin_but_not_image_or_script_tags(
    client: ClientFactory,
) -> None:
    http = client(cors_origins=("*",))
    response = await http.get("/graphql", params=QUERY, headers={"origin": "https://any.example"})
    assert response.headers["access-control-allow-origin"] == "*"
    tag = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}
    assert (await http.get("/graphql", params=QUERY, headers=tag)).status_code == 403


async def test_browsers_may_not_guess_the_type_of_a_response(client: ClientFactory) -> None:
    response = await client().post("/graphql", json=QUERY)
    assert response.headers["x-content-type-options"] == "nosniff"
