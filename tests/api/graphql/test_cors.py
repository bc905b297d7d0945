"""Which headers pages of other origins may send (`cors`)."""

import pytest

from tests.api.conftest import ClientFactory

pytestmark = pytest.mark.anyio

APP = "https://app.example"
SENT_BY = {
    "Apollo": "content-type,apollographql-client-name,apollographql-client-version",
    "Apollo, GET": "apollo-require-preflight,x-apollo-operation-name",
    "fetch-event-source": "content-type,last-event-id",
    "Sentry": "content-type,baggage,sentry-trace",
    "OpenTelemetry": "content-type,traceparent,tracestate",
}


def preflight(headers: str) -> dict[str, str]:
    """Return the headers of the request that a browser sends first."""
    return {
        "origin": APP,
        "access-control-request-method": "POST",
        "access-control-request-headers": headers,
    }


@pytest.mark.parametrize("headers", SENT_BY.values(), ids=SENT_BY)
async def test_pages_may_send_what_client_libraries_send(
    client: ClientFactory, headers: str
) -> None:
    response = await client(cors_origins=(APP,)).options("/graphql", headers=preflight(headers))
    assert response.status_code == 200
    allowed = response.headers["access-control-allow-headers"].lower().split(", ")
    assert set(headers.split(",")) <= set(allowed)


async def test_other_headers_need_a_setting(client: ClientFactory) -> None:
    asked = preflight("content-type,x-tenant")
    refused = await client(cors_origins=(APP,)).options("/graphql", headers=asked)
    assert refused.status_code == 400
    for setting in (("X-Tenant",), ("*",)):
        http = client(cors_origins=(APP,), cors_headers=setting)
        assert (await http.options("/graphql", headers=asked)).status_code == 200


async def test_no_headers_are_allowed_without_origins(client: ClientFactory) -> None:
    response = await client(cors_headers=("*",)).options("/graphql", headers=preflight("x-tenant"))
    assert "access-control-allow-headers" not in response.headers
