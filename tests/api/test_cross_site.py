"""What pages of other origins can and cannot do."""

import pytest

pytestmark = pytest.mark.anyio

APP = "https://app.example"
QUERY = {"query": "{ hello }"}


async def test_a_get_that_another_sites_page_caused_is_refused(client):
    for site in ("cross-site", "same-site"):
        response = await client().get("/graphql", params=QUERY, headers={"sec-fetch-site": site})
        assert response.status_code == 403
        assert response.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    response = await client().get("/graphql", params=QUERY, headers={"origin": APP})
    assert response.status_code == 403


async def test_a_get_of_this_origin_of_a_person_or_of_a_program_is_answered(client):
    for headers in (
        {},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "same-origin", "origin": "http://localhost:8000"},
        {"origin": "http://localhost:8000"},
    ):
        assert (await client().get("/graphql", params=QUERY, headers=headers)).status_code == 200


async def test_a_header_that_needs_a_preflight_is_leave_enough(client):
    for name in ("apollo-require-preflight", "x-apollo-operation-name", "graphql-preflight"):
        headers = {"sec-fetch-site": "cross-site", name: "1"}
        assert (await client().get("/graphql", params=QUERY, headers=headers)).status_code == 200


async def test_forms_cannot_post(client):
    headers = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
    for content_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        headers["content-type"] = content_type
        response = await client().post("/graphql", content=b"{}", headers=headers)
        assert response.status_code in (403, 415)


async def test_an_allowed_origin_may_call_and_others_may_not(client):
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


async def test_a_star_allows_every_origin_but_no_image_or_script_tag(client):
    http = client(cors_origins=("*",))
    response = await http.get("/graphql", params=QUERY, headers={"origin": "https://any.example"})
    assert response.headers["access-control-allow-origin"] == "*"
    tag = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}
    assert (await http.get("/graphql", params=QUERY, headers=tag)).status_code == 403


async def test_no_answer_can_be_taken_for_another_type(client):
    response = await client().post("/graphql", json=QUERY)
    assert response.headers["x-content-type-options"] == "nosniff"
