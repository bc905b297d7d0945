"""The playground in a real Chromium that can reach nothing but loopback.

Every test also fails if the page calls another origin, violates its own Content-Security-Policy, or
logs an error.
"""

import os
import re
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import uvicorn
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Response, expect
from playwright.sync_api import Route as Intercepted

from api.app import create_app
from api.playground.page import DIST
from api.settings import load_settings
from loaders.load import load
from loaders.options import Options
from store.audience import Audience
from store.reading.corpus_watch import CorpusWatch
from store.reading.store import Store
from tests.api.servers import until
from tests.chromium import running_chromium, skip_without_chromium

ROOT = Path(__file__).parents[3]
CONTENT = ROOT / "examples/content"
EVENT_SOURCE = ROOT / "tests/clients/live/event-source.mjs"
GUIDE = (ROOT / "docs/graphql.md").read_text()
TITLES = re.findall(r"^### ([^:\n]+)[^\n]*\n(?:(?!^###? ).*\n)*?```graphql", GUIDE, re.MULTILINE)
# This server has no search index. tests/schema/test_guide.py runs all queries.
NEED_AN_INDEX = {"A search box"}
REPORT = re.compile(r"^Cost [\d,]+ of 10,000 · \d database calls? · [\d,]+ ms$")
TOKEN = "an-editor's-token"  # noqa: S105

skip_without_chromium()
if "CI" not in os.environ and not (DIST / "index.html").exists():
    pytest.skip("the playground is not built (make playground)", allow_module_level=True)


@pytest.fixture(scope="module")
def database() -> str:
    """The name of the server's database."""
    return f"test_{uuid4().hex[:12]}"


@pytest.fixture(scope="module")
def origin(mongod: str, database: str) -> Iterator[str]:
    """The origin of a server of the example content, which runs in a thread."""
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

    with browser.new_context(
        viewport={"width": 1400, "height": 900}, permissions=["clipboard-read", "clipboard-write"]
    ) as context:
        context.route("**", keep_home)
        page = context.new_page()
        page.on("console", listen)
        page.on("pageerror", lambda error: mistakes.append(f"uncaught: {error}"))
        page.goto(f"{origin}/graphql")
        expect(query_editor(page)).to_contain_text("query Welcome")
        yield page


def query_editor(page: Page) -> Locator:
    return page.get_by_role("region", name="Operation Editor").locator(".view-lines")


def result(page: Page) -> Locator:
    return page.get_by_role("region", name="Result Window").locator(".view-lines")


def report(page: Page) -> Locator:
    return page.get_by_label("What the response took")


def run(page: Page, query: str) -> None:
    """Type a query into a new tab and run it."""
    page.get_by_role("button", name="New tab").click()
    expect(query_editor(page)).not_to_contain_text("Welcome")
    query_editor(page).click()
    page.keyboard.type(query)
    page.keyboard.press("Control+Enter")


@pytest.mark.slow
def test_a_nested_query_is_typed_and_run(page: Page) -> None:
    run(page, "{ items(first: 2) { nodes { title provider { name topItems: itemCount } } } }")
    expect(result(page)).to_contain_text('"provider": {')
    expect(result(page)).to_contain_text('"topItems": ')


def _is_answer(response: Response) -> bool:
    """Return whether a response is not that to GraphiQL's own query."""
    sent = response.request.post_data or "IntrospectionQuery"
    return "IntrospectionQuery" not in sent


def execute(page: Page) -> dict[str, Any]:
    """Run the query of the tab, and return the response."""
    with page.expect_response(_is_answer) as response:
        page.get_by_role("button", name="Execute query").click()
    body: dict[str, Any] = response.value.json()
    return body


def test_the_first_query_returns_items_and_what_that_took(page: Page) -> None:
    body = execute(page)
    assert "errors" not in body
    assert body["data"]["items"]["nodes"]
    expect(report(page)).to_have_text(REPORT)
    # The page asked for the cost, not its user.
    expect(result(page)).to_contain_text('"totalCount"')
    expect(result(page)).not_to_contain_text("extensions")


@pytest.fixture
def publish(mongod: str, database: str, tmp_path: Path) -> Callable[[str], None]:
    """Load one more item, with this title."""

    def publish_one(title: str) -> None:
        now = datetime.now(UTC).isoformat()
        (tmp_path / f"{title}.md").write_text(f"---\ntitle: {title}\ndate: {now}\n---\n")
        load([str(tmp_path)], uri=mongod, database=database, options=Options(jobs=1))

    return publish_one


@pytest.mark.slow
@pytest.mark.parametrize("operation", ["{", "subscription {"])
def test_a_query_is_followed_until_it_is_stopped(
    page: Page, publish: Callable[[str], None], operation: str
) -> None:
    kind = operation.strip(" {") or "query"
    live = page.get_by_role("switch", name="Live")
    live.set_checked(kind == "query")  # a subscription is followed anyway
    run(page, f"{operation} items(first: 1) {{ nodes {{ title }} }} }}")
    expect(report(page)).to_have_text("Live · result 1")
    publish(f"Zebra {kind}")
    expect(result(page)).to_contain_text(f"Zebra {kind}")
    expect(report(page)).to_have_text("Live · result 2")
    page.get_by_role("button", name="Stop query").click()
    expect(page.get_by_role("button", name="Execute query")).to_be_visible()
    if kind == "query":
        live.uncheck()
        execute(page)
        expect(report(page)).to_have_text(REPORT)


@pytest.mark.slow
def test_errors_of_a_query_that_is_followed_are_shown(page: Page) -> None:
    page.get_by_role("switch", name="Live").check()
    run(page, "{ nope }")
    expect(result(page)).to_contain_text("GRAPHQL_VALIDATION_FAILED")
    expect(page.get_by_role("button", name="Execute query")).to_be_visible()


@pytest.mark.slow
def test_a_page_follows_a_query_with_an_event_source(
    page: Page, origin: str, publish: Callable[[str], None]
) -> None:
    page.evaluate(f"""
        window.process = {{ env: {{ NEWSGRAPH_URL: "{origin}/graphql" }} }};
        window.titles = [];
        {EVENT_SOURCE.read_text()}
        window.stop = follow("{{ items(first: 1) {{ nodes {{ title }} }} }}",
            ({{ data }}) => window.titles.push(data.items.nodes[0].title));
        null;
    """)
    until(lambda: bool(page.evaluate("window.titles.length === 1")))
    publish("Zebra in the source")
    until(lambda: bool(page.evaluate("window.titles.length === 2")))
    assert page.evaluate("window.titles[1]") == "Zebra in the source"
    page.evaluate("window.stop()")


@pytest.mark.slow
def test_each_tab_keeps_what_its_response_took(page: Page) -> None:
    execute(page)
    expect(report(page)).to_have_text(REPORT)
    took = report(page).inner_text()
    page.get_by_role("button", name="New tab").click()
    expect(report(page)).to_have_text("")
    page.get_by_role("tab", name="Welcome").click()
    expect(report(page)).to_have_text(took)


@pytest.mark.slow
def test_the_menu_has_the_queries_of_the_guide_by_title(page: Page) -> None:
    assert len(TITLES) > 10
    page.get_by_role("button", name="Example queries").click()
    assert page.get_by_role("menuitem").all_inner_texts() == TITLES
    page.keyboard.press("Escape")
    for title in TITLES:
        page.get_by_role("button", name="Example queries").click()
        page.get_by_role("menuitem", name=title, exact=True).click()
        if title in NEED_AN_INDEX:
            expect(query_editor(page)).to_contain_text("suggest")
            continue
        body = execute(page)
        assert "errors" not in body, title
        assert all(body["data"].values()), title
    expect(page.get_by_role("tab")).to_have_count(1 + len(TITLES))


@pytest.mark.slow
def test_each_button_of_the_toolbar_does_what_it_says(page: Page) -> None:
    run(page, "query Q { corpus { ...C } } fragment C on Corpus { itemCount }")
    toolbar = page.get_by_role("toolbar", name="Editor Commands")
    toolbar.get_by_role("button", name=re.compile("Prettify")).click()
    lines = query_editor(page).locator(".view-line")
    expect(lines.nth(1)).to_have_text(re.compile(r"^\s+corpus\s{$"))
    toolbar.get_by_role("button", name=re.compile("Merge")).click()
    expect(query_editor(page)).not_to_contain_text("fragment")
    toolbar.get_by_role("button", name=re.compile("Copy")).click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.split() == ["query", "Q", "{", "corpus", "{", "itemCount", "}", "}"]
    # The menu has a test of its own.
    assert len(toolbar.get_by_role("button").all()) == 5


@pytest.mark.slow
def test_variables_are_prettified_too(page: Page) -> None:
    editor = page.get_by_role("region", name="Variables").locator(".view-lines").first
    editor.click()
    page.keyboard.insert_text('{"first":5}')
    page.get_by_role("button", name=re.compile("Prettify")).click()
    expect(editor).to_contain_text('"first": 5')


@pytest.mark.slow
def test_the_documentation_opens(page: Page) -> None:
    page.get_by_role("button", name="Show Documentation Explorer").click()
    documentation = page.get_by_role("region", name="Documentation Explorer")
    documentation.get_by_role("link", name="Query", exact=True).click()
    documentation.get_by_role("link", name="corpus", exact=True).click()
    documentation.get_by_role("link", name="Corpus", exact=True).click()
    expect(documentation).to_contain_text("itemCount")


@pytest.mark.slow
def test_the_explorer_adds_a_field_to_the_query(page: Page) -> None:
    page.get_by_role("button", name="New tab").click()
    page.get_by_role("button", name="Show GraphiQL Explorer").click()
    page.locator(".graphiql-explorer-root").get_by_text("corpus", exact=True).click()
    page.locator(".graphiql-explorer-root").get_by_text("itemCount", exact=True).click()
    expect(query_editor(page)).to_contain_text("itemCount")


@pytest.mark.slow
def test_a_link_opens_its_query(page: Page) -> None:
    url = page.url
    page.goto(url.replace("/graphql", "/healthz"))  # or the page would store its tab afterwards
    page.evaluate("localStorage.clear()")
    page.goto(f"{url}?query=query+Linked+{{corpus{{itemCount}}}}")
    expect(query_editor(page)).to_contain_text("Linked")
    expect(page.get_by_role("tab")).to_have_count(1)


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


@pytest.mark.slow
def test_the_page_says_as_whom_one_reads(page: Page) -> None:
    expect(page.get_by_text("Reading as public")).to_be_visible()
    page.get_by_label("Editor token").fill(TOKEN)
    page.get_by_label("Editor token").press("Enter")
    expect(page.get_by_text("Reading as editor")).to_be_visible()


@pytest.mark.slow
def test_where_everyone_is_an_editor_there_is_no_field_for_a_token(page: Page) -> None:
    def change(route: Intercepted) -> None:
        response = route.fetch()
        told = 'data-audience="public" data-takes-tokens="true"'
        assert told in response.text()
        body = response.text().replace(told, 'data-audience="editor" data-takes-tokens="false"')
        route.fulfill(response=response, body=body)

    page.route("**/graphql", change, times=1)
    page.reload()
    expect(page.get_by_text("Reading as editor")).to_be_visible()
    expect(page.get_by_label("Editor token")).to_have_count(0)


@pytest.mark.slow
def test_a_server_that_is_away_is_reported_in_words(page: Page, mistakes: list[str]) -> None:
    page.route("**/graphql", lambda route: route.abort("connectionrefused"))
    page.get_by_role("button", name="Execute query").click()
    expect(result(page)).to_contain_text("newsgraph does not answer at http://127.0.0.")
    expect(result(page)).not_to_contain_text("stack")
    # Chromium logs each failed request by itself.
    mistakes[:] = [mistake for mistake in mistakes if "ERR_CONNECTION_REFUSED" not in mistake]


@pytest.mark.slow
def test_a_refused_token_is_marked(page: Page, mistakes: list[str]) -> None:
    field = page.get_by_label("Editor token")
    field.fill("not-it")
    field.press("Enter")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("Token refused")).to_be_visible()
    field.fill(TOKEN)
    field.press("Enter")
    expect(field).to_have_attribute("aria-invalid", "false")
    # Chromium logs each 401 by itself.
    mistakes[:] = [mistake for mistake in mistakes if "401" not in mistake]


@pytest.mark.slow
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
