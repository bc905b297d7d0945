"""The playground in a real Chromium that can reach nothing but loopback.

Every test also fails if the page calls another origin, violates its own Content-Security-Policy, or
logs an error.
"""

import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import uvicorn
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect
from playwright.sync_api import Route as Intercepted

from api.app import create_app
from api.playground.page import DIST
from api.settings import load_settings
from loaders.load import load
from loaders.options import Options
from store.audience import Audience
from store.reading.corpus_watch import CorpusWatch
from store.reading.store import Store
from tests.chromium import running_chromium, skip_without_chromium

CONTENT = Path(__file__).parents[3] / "examples/content"
TOKEN = "an-editor's-token"  # noqa: S105

skip_without_chromium()
if "CI" not in os.environ and not (DIST / "index.html").exists():
    pytest.skip("the playground is not built (make playground)", allow_module_level=True)


@pytest.fixture(scope="module")
def origin(mongod: str) -> Iterator[str]:
    """The origin of a server of the example content, which runs in a thread."""
    database = f"test_{uuid4().hex[:12]}"
    load([str(CONTENT)], uri=mongod, database=database, options=Options(jobs=1))
    settings = load_settings(audience=Audience.PUBLIC, editor_tokens=(TOKEN,))
    watch = CorpusWatch(mongod, database)
    app = create_app(settings, Store.connect(mongod, database), watch)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_chromium() as browser:
        yield browser


@pytest.fixture
def mistakes() -> Iterator[list[str]]:
    """The mistakes of the page, which fail the test at its end."""
    mistakes: list[str] = []
    yield mistakes
    assert mistakes == []


@pytest.fixture
def page(browser: Browser, origin: str, mistakes: list[str]) -> Iterator[Page]:
    """The playground on a first visit."""

    def keep_home(route: Intercepted) -> None:
        if route.request.url.startswith((f"{origin}/", "data:")):
            route.continue_()
        else:
            mistakes.append(f"left the origin: {route.request.url}")
            route.abort()

    def listen(message: ConsoleMessage) -> None:
        # Violations of the Content-Security-Policy are logged as errors, too.
        if message.type in ("error", "warning"):
            mistakes.append(message.text)

    with browser.new_context(viewport={"width": 1400, "height": 900}) as context:
        context.route("**", keep_home)
        page = context.new_page()
        page.on("console", listen)
        page.on("pageerror", lambda error: mistakes.append(f"uncaught: {error}"))
        page.goto(f"{origin}/graphql")
        expect(query_editor(page)).to_contain_text("query FrontPage", timeout=20_000)
        yield page


def query_editor(page: Page) -> Locator:
    return page.get_by_role("region", name="Operation Editor").locator(".view-lines")


def result(page: Page) -> Locator:
    return page.get_by_role("region", name="Result Window").locator(".view-lines")


def run(page: Page, query: str) -> None:
    """Type a query into a new tab and run it."""
    page.get_by_role("button", name="New tab").click()
    expect(query_editor(page)).not_to_contain_text("FrontPage")
    query_editor(page).click()
    page.keyboard.type(query)
    page.keyboard.press("Control+Enter")


def test_a_nested_query_is_typed_and_run(page: Page) -> None:
    run(page, "{ items(first: 2) { nodes { title provider { name topItems: itemCount } } } }")
    expect(result(page)).to_contain_text('"provider": {')
    expect(result(page)).to_contain_text('"topItems": ')


def test_every_example_returns_data_without_errors(page: Page) -> None:
    for name in ("ProviderPage", "TopicTree", "Search", "InfiniteScroll", "FrontPage"):
        page.get_by_role("tab", name=name).click()
        with page.expect_response(lambda found: found.request.method == "POST") as response:
            page.get_by_role("button", name="Execute query").click()
        body = response.value.json()
        assert "errors" not in body, name
        (connection,) = body["data"].values()
        assert connection["nodes"], name


def test_the_documentation_opens(page: Page) -> None:
    page.get_by_role("button", name="Show Documentation Explorer").click()
    documentation = page.get_by_role("region", name="Documentation Explorer")
    documentation.get_by_role("link", name="Query", exact=True).click()
    documentation.get_by_role("link", name="corpus", exact=True).click()
    documentation.get_by_role("link", name="Corpus", exact=True).click()
    expect(documentation).to_contain_text("itemCount")


def test_the_explorer_adds_a_field_to_the_query(page: Page) -> None:
    page.get_by_role("button", name="New tab").click()
    page.get_by_role("button", name="Show GraphiQL Explorer").click()
    page.locator(".graphiql-explorer-root").get_by_text("corpus", exact=True).click()
    page.locator(".graphiql-explorer-root").get_by_text("itemCount", exact=True).click()
    expect(query_editor(page)).to_contain_text("itemCount")


def test_an_example_comes_back_from_the_menu(page: Page) -> None:
    page.get_by_role("button", name="Example queries").click()
    page.get_by_role("menuitem", name="Search").click()
    expect(query_editor(page)).to_contain_text("query Search")
    expect(page.get_by_role("tab", name="Search")).to_have_count(2)


def test_a_link_opens_its_query_beside_the_examples(page: Page) -> None:
    page.evaluate("localStorage.clear()")
    page.goto(f"{page.url}?query=query+Linked+{{corpus{{itemCount}}}}")
    expect(query_editor(page)).to_contain_text("Linked")
    expect(page.get_by_role("tab")).to_have_count(6)


def test_the_editor_token_is_sent_while_the_tab_is_open_and_not_stored_elsewhere(
    page: Page,
) -> None:
    field = page.get_by_label("Editor token")
    with page.expect_request(lambda request: request.method == "POST") as first:
        field.fill(TOKEN)
        field.press("Enter")
    assert first.value.header_value("authorization") == f"Bearer {TOKEN}"
    with page.expect_request(lambda request: request.method == "POST") as after_reload:
        page.reload()
    assert after_reload.value.header_value("authorization") == f"Bearer {TOKEN}"
    run(page, "{ corpus { itemCount } }")
    expect(result(page)).to_contain_text("itemCount")
    assert TOKEN not in page.evaluate("JSON.stringify(localStorage)")
    with page.expect_request(lambda request: request.method == "POST") as cleared:
        field.fill("")
        field.press("Enter")
    assert cleared.value.header_value("authorization") is None
    assert page.evaluate("sessionStorage.length") == 0


def test_a_refused_token_is_marked(page: Page, mistakes: list[str]) -> None:
    field = page.get_by_label("Editor token")
    field.fill("not-it")
    field.press("Enter")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill(TOKEN)
    field.press("Enter")
    expect(field).to_have_attribute("aria-invalid", "false")
    # Chromium logs each 401 by itself.
    mistakes[:] = [mistake for mistake in mistakes if "401" not in mistake]


def test_a_phone_shows_the_response_below_the_query(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    run(page, "{ corpus { itemCount } }")
    expect(result(page)).to_contain_text("itemCount")
    above, below = query_editor(page).bounding_box(), result(page).bounding_box()
    assert above
    assert below
    assert above["y"] < below["y"]
    assert below["width"] > 250
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
