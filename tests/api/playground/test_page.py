"""The playground's page and its files, and what they allow a browser to do.

Covers `page`, `assets` and `web/` of api/playground.
"""

import gzip
import json
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from graphql import build_schema, parse, validate
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from api import playground
from api.playground.page import DIST
from schema.schema import build_schema as build_newsgraph_schema
from store.audience import Audience

WEB = Path(playground.__file__).parent / "web"

pytestmark = pytest.mark.anyio

needs_build = pytest.mark.skipif(
    not (DIST / "index.html").exists() and "CI" not in os.environ,
    reason="the playground is not built (make playground)",
)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    page = Route("/graphql", lambda _: playground.page())
    transport = httpx.ASGITransport(Starlette(routes=[page, *playground.routes()]))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


def directives(response: Response | httpx.Response) -> dict[str, str]:
    """Return the directives of a Content-Security-Policy by name."""
    parts = (
        part.split(maxsplit=1) for part in response.headers["content-security-policy"].split(";")
    )
    return {part[0]: part[1] for part in parts}


@needs_build
async def test_the_page_loads_and_calls_only_its_own_origin(
    client: httpx.AsyncClient,
) -> None:
    response = await client.get("/graphql")
    policy = directives(response)
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == policy["worker-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert not re.search(r"https?:", response.headers["content-security-policy"])
    assert not re.search(r"<script>|https?:", response.text)
    assert response.headers["cache-control"] == "no-cache"
    assert response.headers["vary"] == "Accept"


@needs_build
async def test_every_file_of_the_page_is_served_and_cached_forever(
    client: httpx.AsyncClient,
) -> None:
    names = re.findall(r'(?:src|href)="(.+?)"', (await client.get("/graphql")).text)
    assert len(names) == 3  # icon, styles, script
    for name in names:
        response = await client.get(f"/{name}")
        assert response.status_code == 200
        assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert response.headers["x-content-type-options"] == "nosniff"


@needs_build
async def test_files_are_gzipped_for_clients_that_accept_gzip(client: httpx.AsyncClient) -> None:
    script = next((DIST / "assets").glob("main-*.js"))
    url = f"/playground/{script.name}"
    packed = await client.get(url, headers={"accept-encoding": "gzip, br"})
    plain = await client.get(url, headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["content-type"].startswith("text/javascript")
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content == script.read_bytes()
    assert gzip.decompress(script.with_suffix(".js.gz").read_bytes()) == script.read_bytes()


async def test_a_missing_file_is_a_404(client: httpx.AsyncClient) -> None:
    assert (await client.get("/playground/main-00000000.js")).status_code == 404
    assert (await client.get("/playground/%2e%2e/index.html")).status_code == 404


def test_without_a_build_the_page_is_strawberrys_with_a_notice(
    tmp_path: Path,
) -> None:
    response = playground.page(dist=tmp_path)
    html = bytes(response.body).decode()
    assert "make playground" in html
    assert "shouldPersistHeaders: false" in html
    policy = directives(response)
    assert policy["script-src"].startswith("https://unpkg.com 'sha256-")
    assert policy["connect-src"] == "'self'"
    hosts = set(re.findall(r'(?:src|href)="(https?://[^/"]+)', html))
    assert hosts == {"https://unpkg.com"}
    assert html.count("https://unpkg.com") == html.count("integrity=")


def test_the_lock_names_no_host_and_every_version_is_exact() -> None:
    lock = json.loads((WEB / "package-lock.json").read_text())
    packages = {path: package for path, package in lock["packages"].items() if path}
    assert not [path for path, package in packages.items() if "resolved" in package]
    assert not [path for path, package in packages.items() if "integrity" not in package]
    manifest = json.loads((WEB / "package.json").read_text())
    for version in (manifest["dependencies"] | manifest.get("devDependencies", {})).values():
        assert re.fullmatch(r"[\d.]+", version)


@pytest.mark.parametrize(("audience", "takes_tokens"), [("public", True), ("editor", False)])
def test_the_page_is_told_who_a_visitor_is(
    tmp_path: Path, audience: str, takes_tokens: bool
) -> None:
    built = (WEB / "src/index.html").read_text()
    (tmp_path / "index.html").write_text(built)
    response = playground.page(Audience(audience), takes_tokens=takes_tokens, dist=tmp_path)
    html = bytes(response.body).decode()
    told = f'data-audience="{audience}" data-takes-tokens="{str(takes_tokens).lower()}"'
    assert f'<div id="playground" {told}></div>' in html
    assert html.replace(f" {told}", "") == built


def test_the_first_query_is_valid() -> None:
    graph = build_schema(build_newsgraph_schema().as_str())
    assert validate(graph, parse((WEB / "src/welcome.graphql").read_text())) == []
