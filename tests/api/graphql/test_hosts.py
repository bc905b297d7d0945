"""The Host header: DNS rebinding and proxies make nobody an editor."""

import pytest

from store.audience import Audience
from tests.api.conftest import ClientFactory
from tests.api.graphql.test_authentication import QUERY, TOKENS, audience_of

pytestmark = pytest.mark.anyio

LOCAL = ["localhost", "localhost:8000", "LOCALHOST.:8000", "127.0.0.1:8000", "[::1]:8000", "demo.localhost", "127.1.2.3"]  # fmt: skip  # noqa: E501
REBOUND = ["rebound.example:8000", "localhost.example", "127.0.0.1.example", "2130706433", "127.1",
           "localhost:evil", "localhost:8000:8000", "[::1", "rebound.example\t", "", "nas.local.evil"]  # fmt: skip  # noqa: E501


@pytest.mark.parametrize("host", LOCAL)
async def test_the_local_machine_may_be_addressed_by_any_of_its_names(
    client: ClientFactory, host: str
) -> None:
    for audience in (None, Audience.EDITOR):
        assert await audience_of(client(audience=audience), host=host) == "editor"


@pytest.mark.parametrize("host", REBOUND)
@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0", "nas.local"])  # noqa: S104
async def test_dns_rebinding_makes_nobody_an_editor(
    client: ClientFactory, host: str, address: str
) -> None:
    http = client(audience=Audience.EDITOR, host=address)
    response = await http.post("/graphql", json=QUERY, headers={"host": host})
    assert response.status_code == 403
    assert "NEWSGRAPH_HOSTS" in response.json()["errors"][0]["message"]
    response = await client().post("/graphql", json=QUERY, headers={"host": host})
    assert response.status_code == 403
    assert "NEWSGRAPH_AUDIENCE" in response.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    "headers",
    [
        {"x-forwarded-for": "203.0.113.9"},
        {"forwarded": "for=203.0.113.9"},
        {"via": "1.1 proxy"},
        {"host": "192.168.1.5"},
    ],
)
async def test_without_an_audience_nobody_behind_a_proxy_is_an_editor(
    client: ClientFactory, headers: dict[str, str]
) -> None:
    response = await client().post("/graphql", json=QUERY, headers=headers)
    assert response.status_code == 403
    assert "NEWSGRAPH_AUDIENCE" in response.json()["errors"][0]["message"]
    assert await audience_of(client(audience=Audience.EDITOR), **headers) == "editor"


@pytest.mark.parametrize("host", ["nas.local:8000", "NAS.local", "news.example", "[fe80::1]:8000"])
async def test_editors_of_a_network_use_the_names_that_are_set(
    client: ClientFactory, host: str
) -> None:
    http = client(audience=Audience.EDITOR, host="nas.local", hosts=("news.example",))
    assert await audience_of(http, host=host) == "editor"


async def test_the_public_may_use_any_name_unless_names_are_set(client: ClientFactory) -> None:
    http = client(audience=Audience.PUBLIC)
    assert await audience_of(http, host="any.example") == "public"
    http = client(audience=Audience.PUBLIC, hosts=("news.example",), editor_tokens=TOKENS)
    assert await audience_of(http, host="news.example") == "public"
    response = await http.post("/graphql", json=QUERY, headers={"host": "any.example"})
    assert response.status_code == 403
    assert "'any.example' is not one of" in response.json()["errors"][0]["message"]
    # Only programs that were given a token have one; no page can borrow it.
    editor = {"host": "any.example", "authorization": f"Bearer {TOKENS[0]}"}
    assert await audience_of(http, **editor) == "editor"


async def test_a_message_repeats_little_of_the_header(client: ClientFactory) -> None:
    http = client(audience=Audience.EDITOR)
    response = await http.post("/graphql", json=QUERY, headers={"host": "a" * 60_000})
    assert len(response.content) < 400
