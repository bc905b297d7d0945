"""The origin that a caller addressed (`own_origin`): no other name gets into a response."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.graphql.headers import Headers, headers_of
from api.graphql.own_origin import OwnOrigin
from tests.conftest import EXAMPLES

pytestmark = pytest.mark.anyio

ORIGIN = OwnOrigin(("news.example",))
HOSTILE = (
    "evil.example",
    "news.example.evil.example",
    "evil.example/.localhost",
    "evil.example#.localhost",
    'x".localhost',
    "user@localhost",
    "localhost:80@evil.example",
    "localhost:80/x",
    "[::1]evil.example",
    "",
)


def headers(host: str, **more: str) -> Headers:
    named = {"host": host, **{name.replace("_", "-"): value for name, value in more.items()}}
    raw = [(name.encode(), value.encode("utf-8")) for name, value in named.items()]
    return headers_of({"type": "http", "headers": raw})


@pytest.mark.parametrize(
    ("host", "scheme", "origin"),
    [
        ("news.example", "http", "http://news.example"),
        ("News.Example:8443", "https", "https://news.example:8443"),
        ("news.example.", "http", "http://news.example"),
        ("localhost:8000", "http", "http://localhost:8000"),
        ("demo.localhost", "http", "http://demo.localhost"),
        ("127.0.0.1:80", "http", "http://127.0.0.1:80"),
        ("[::1]:8000", "http", "http://[::1]:8000"),
        *((host, "http", None) for host in HOSTILE),
    ],
)
def test_the_origin_of_a_known_name(host: str, scheme: str, origin: str | None) -> None:
    assert ORIGIN.of(headers(host), scheme) == origin


def test_a_proxy_that_ends_tls_says_so() -> None:
    assert ORIGIN.of(headers("news.example", x_forwarded_proto="https"), "http") == (
        "https://news.example"
    )
    assert ORIGIN.of(headers("news.example", x_forwarded_proto="javascript"), "http") == (
        "http://news.example"
    )


@given(st.text(st.characters(codec="latin-1", exclude_characters="\r\n\0"), max_size=40))
def test_no_text_becomes_an_origin_of_another_name(text: str) -> None:
    origin = ORIGIN.of(headers(f"{text}.localhost"), "http")
    assert origin is None or httpx.URL(origin).host.endswith("localhost")


def test_each_caller_gets_pictures_from_the_origin_that_it_addressed(served: str) -> None:
    query = {"query": "{ items(first: 5) { nodes { images { url } } } }"}

    def addresses(host: str) -> set[str]:
        response = httpx.post(f"{served}/graphql", json=query, headers={"host": host})
        nodes = response.json()["data"]["items"]["nodes"]
        urls = [image["url"] for node in nodes for image in node["images"]]
        assert all(url.startswith(("http://", "https://")) for url in urls)
        return {str(httpx.URL(url).copy_with(path="/")) for url in urls if "/media/" in url}

    port = httpx.URL(served).port
    for host in (f"localhost:{port}", f"127.0.0.1:{port}"):
        assert addresses(host) == {f"http://{host}/"}
    assert not any("evil" in address for address in addresses("evil.example"))
    assert addresses(f"localhost:{port}") == {f"http://localhost:{port}/"}


def test_the_pictures_of_the_demo_can_be_fetched(served: str) -> None:
    query = {"query": "{ items(first: 50) { nodes { images { url } } } }"}
    nodes = httpx.post(f"{served}/graphql", json=query).json()["data"]["items"]["nodes"]
    urls = {image["url"] for node in nodes for image in node["images"]}
    own = sorted(url for url in urls if url.startswith(served))
    assert own
    assert (EXAMPLES / own[0].removeprefix(f"{served}/")).is_file()
    assert httpx.get(own[0]).status_code == 200
