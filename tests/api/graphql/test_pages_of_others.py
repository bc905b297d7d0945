"""Pages that a real Chromium shows while its user runs a server: they never see a draft.

Covers `authentication`, `hosts`, `csrf` and the CORS headers together.
"""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.chromium import running_chromium, skip_without_chromium
from tests.command import running

skip_without_chromium()

QUERY = "{items{totalCount}}"
GET = "url => fetch(url).then(r => r.json())"
POST = """url => fetch(url.split("?")[0], {
  method: "POST",
  headers: {"content-type": "application/json"},
  body: JSON.stringify({query: new URL(url).searchParams.get("query")}),
}).then(r => r.json())"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def port_of_page() -> Iterator[int]:
    """The port of a server of an empty page."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def ask(browser: Browser, page_url: str, api: str, script: str) -> object:
    """Open a page, and let it send the query to `api`; return the response's JSON."""
    page = browser.new_page()
    try:
        page.goto(page_url)
        return page.evaluate(script, f"{api}/graphql?query={QUERY}")
    finally:
        page.close()


def item_count(answer: object) -> int:
    assert isinstance(answer, dict)
    number: int = answer["data"]["items"]["totalCount"]
    return number


@pytest.mark.parametrize("audience", [pytest.param("", marks=pytest.mark.slow), "editor"])
def test_any_page_may_call_with_a_star_but_sees_only_what_is_public(
    browser: Browser,
    port_of_page: int,
    mongod: str,
    content: str,
    tmp_path: Path,
    audience: str,
) -> None:
    settings = {"CORS_ORIGINS": "*", "MONGODB_URI": mongod, "DATABASE": content}
    with running("serve", cwd=tmp_path, AUDIENCE=audience, **settings) as api:
        with_drafts = item_count(ask(browser, f"{api}/healthz", api, GET))
        for page in (f"http://evil.example:{port_of_page}", f"http://localhost:{port_of_page}"):
            for script in (GET, POST):
                assert 0 < item_count(ask(browser, page, api, script)) < with_drafts


@pytest.mark.parametrize("audience", [pytest.param("", marks=pytest.mark.slow), "editor"])
def test_a_page_whose_name_was_made_to_point_here_is_refused(
    browser: Browser, mongod: str, content: str, tmp_path: Path, audience: str
) -> None:
    settings = {"MONGODB_URI": mongod, "DATABASE": content}
    with running("serve", cwd=tmp_path, AUDIENCE=audience, **settings) as api:
        rebound = api.replace("127.0.0.1", "rebind.example")
        for script in (GET, POST):
            answer = ask(browser, f"{rebound}/healthz", rebound, script)
            assert isinstance(answer, dict)
            assert "data" not in answer
            assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
