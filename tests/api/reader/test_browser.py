"""The reader in a real Chromium that can reach nothing but its server: covers `web/` of api/reader.

Every test also fails if a page calls another origin, violates its own Content-Security-Policy, or
logs an error or a warning.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from api.reader.page import DIST
from loaders.load import load
from loaders.options import Options
from tests.api.browsing import watched_page
from tests.api.servers import Start
from tests.chromium import running_chromium, skip_without_chromium
from tests.conftest import EDITOR_TOKEN
from tests.loaders.conftest import write

skip_without_chromium()
if "CI" not in os.environ and not (DIST / "index.html").exists():
    pytest.skip("the reader is not built (make reader)", allow_module_level=True)


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
def page(browser: Browser, served: str, mistakes: list[str]) -> Iterator[Page]:
    """The front page, on a first visit."""
    with watched_page(browser, served, mistakes) as page:
        page.goto(served)
        expect(page.get_by_role("region", name="Top stories")).to_be_visible()
        yield page


@pytest.fixture
def phone(browser: Browser, served: str, mistakes: list[str]) -> Iterator[Page]:
    """The front page on a phone in dark mode."""
    with watched_page(browser, served, mistakes, width=390, scheme="dark") as page:
        page.goto(served)
        expect(page.get_by_role("region", name="Top stories")).to_be_visible()
        yield page


def read_lead(page: Page) -> str:
    """Open the first story and return its title."""
    link = page.locator(".lead .headline a")
    title = link.inner_text()
    link.click()
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
    return title


def test_a_story_opens_with_its_body_and_what_the_graph_knows_around_it(page: Page) -> None:
    page.get_by_role("link", name="Ships will dim for the stars").first.click()
    expect(page.locator(".body")).to_contain_text("At 18:30 the cranes went out")
    around = page.get_by_role("complementary", name="Around this story")
    expect(around).to_contain_text("The ship at berth five has stopped humming")
    expect(around.get_by_role("heading", name="More from Harbour Post")).to_be_visible()
    expect(page).to_have_title("Ships will dim for the stars, one night a month")
    expect(page.locator("figure img")).to_have_js_property("complete", True)


def test_the_public_sees_no_draft_and_an_editor_does(page: Page) -> None:
    drafts = page.locator(".status")
    expect(drafts).to_have_count(0)
    page.get_by_text("Editors").click()
    page.get_by_label("Editor token").fill(EDITOR_TOKEN)
    page.get_by_role("button", name="Read as an editor").click()
    expect(drafts.first).to_be_visible()
    assert EDITOR_TOKEN not in page.evaluate("JSON.stringify(localStorage)")
    page.reload()
    expect(drafts.first).to_be_visible()
    page.get_by_text("Editor", exact=True).click()
    page.get_by_role("button", name="Read as the public").click()
    expect(page.locator(".lead")).to_be_visible()
    expect(drafts).to_have_count(0)


@pytest.mark.slow
def test_the_list_goes_on_as_one_scrolls(page: Page) -> None:
    stories = page.locator(".feed .story")
    for _ in range(2):
        so_far = stories.count()
        page.mouse.wheel(0, 20_000)
        expect(stories.nth(so_far)).to_be_attached()
    titles = stories.locator(".headline").all_inner_texts()
    assert len(titles) == len(set(titles))


def test_a_search_finds_words_and_is_narrowed_by_its_facets(page: Page) -> None:
    page.get_by_role("combobox", name="Search").fill("ferry")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("stories")
    everything = page.get_by_role("status").inner_text()
    facets = page.get_by_role("complementary", name="Narrow the search")
    facets.get_by_role("link", name="Harbour Post").click()
    expect(page.get_by_role("status")).not_to_have_text(everything)
    assert "providers=harbourpost.example" in page.url
    facets.get_by_role("link", name="Harbour Post").click()
    expect(page.get_by_role("status")).to_have_text(everything)


@pytest.mark.slow
def test_the_words_that_were_found_are_marked(page: Page, served: str) -> None:
    page.goto(f"{served}/search?q=ferry")
    expect(page.locator(".feed mark").first).to_have_text(re.compile("ferr(y|ies)", re.IGNORECASE))


@pytest.mark.slow
def test_a_search_with_a_typo_offers_what_was_meant(page: Page, served: str) -> None:
    page.goto(f"{served}/search?q=lighthuose")
    page.get_by_role("link", name="lighthouse", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("lighthouse")
    expect(page.locator(".feed .story").first).to_be_visible()


@pytest.mark.slow
def test_the_search_box_suggests_while_one_types(page: Page) -> None:
    box = page.get_by_role("combobox", name="Search")
    box.press_sequentially("ferr")
    first = page.get_by_role("option").first
    expect(first).to_have_text(re.compile(r"Night Ferries\s*Topic, \d+ stories"))
    box.press("ArrowDown")
    expect(first).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_have_text("Night Ferries")
    assert page.url.endswith("/topics/night-ferries")


def test_markup_in_a_search_is_only_text(page: Page, served: str) -> None:
    page.goto(f"{served}/search?q=<img src=x onerror=alert(1)>")
    expect(page.get_by_role("heading", level=1)).to_contain_text("<img src=x")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "title", "link"),
    [
        ("/topics", "Topics", "Night Ferries"),
        ("/topics/ferries", "Ferries", "Night Ferries"),
        ("/topics/energy", "Energy", "Offshore Wind"),
        ("/providers", "Publishers", "Harbour Post"),
        ("/providers/harbourpost.example", "Harbour Post", "harbourpost.example"),
        ("/authors", "Authors", None),
        ("/archive", "Archive", "October"),
        ("/archive/2026-10", "October 2026", "Ships will dim"),
        ("/sections/news", "News", None),
        ("/tags/dark%20sky", "dark sky", "Ships will dim"),
    ],
)
def test_every_page_has_its_own_address(
    browser: Browser, served: str, mistakes: list[str], path: str, title: str, link: str | None
) -> None:
    with watched_page(browser, served, mistakes) as page:
        page.goto(f"{served}{path}")
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        if link:
            target = page.locator("main").get_by_role("link", name=re.compile(link))
            expect(target.first).to_be_visible()


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/items/nothing", "/topics/nothing", "/archive/2026-13"])
def test_what_is_not_there_says_so(
    browser: Browser, served: str, mistakes: list[str], path: str
) -> None:
    with watched_page(browser, served, mistakes) as page:
        page.goto(f"{served}{path}")
        expect(page.get_by_role("heading", level=1)).to_have_text("Nothing is here")


@pytest.mark.slow
def test_the_query_behind_a_page_opens_in_the_playground(page: Page) -> None:
    read_lead(page)
    page.get_by_role("button", name="The query behind this page").click()
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text("query ItemPage($id: ID!)")
    expect(drawer).to_contain_text('"id": "item:')
    expect(drawer).to_contain_text(re.compile(r"cost [\d,]+ of 10,000"))
    link = drawer.get_by_role("link", name="Open in the playground").get_attribute("href")
    assert link
    assert link.startswith("/graphql?query=query+ItemPage")
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()


@pytest.mark.slow
def test_the_keyboard_alone_leads_to_a_story(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(4):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.headline') !== null"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("article header h1")).to_be_visible()
    expect(page.locator("main")).to_be_focused()


@pytest.mark.slow
def test_back_returns_to_the_place_that_was_left(page: Page) -> None:
    page.mouse.wheel(0, 1500)
    page.wait_for_function("scrollY > 1000")
    left_at = page.evaluate("scrollY")
    page.locator(".band .headline a").nth(5).click()
    expect(page.locator("article header h1")).to_be_visible()
    assert page.evaluate("scrollY") == 0
    page.go_back()
    expect(page.get_by_role("region", name="Top stories")).to_be_visible()
    page.wait_for_function(f"Math.abs(scrollY - {left_at}) < 5")


@pytest.mark.slow
def test_a_phone_needs_no_sideways_scrolling(phone: Page) -> None:
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    read_lead(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.slow
def test_a_server_that_is_away_is_said_in_words(page: Page, mistakes: list[str]) -> None:
    page.route("**/graphql", lambda route: route.abort("connectionrefused"))
    page.get_by_role("link", name="Topics", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("The server is away")
    page.unroute("**/graphql")
    # Chromium logs the failed request by itself.
    mistakes[:] = [mistake for mistake in mistakes if "ERR_CONNECTION_REFUSED" not in mistake]


@pytest.mark.slow
def test_a_picture_that_does_not_load_leaves_no_gap(page: Page, mistakes: list[str]) -> None:
    page.route("**/media/**", lambda route: route.abort())
    page.reload()
    expect(page.locator(".lead .headline")).to_be_visible()
    expect(page.locator(".lead img")).to_have_count(0)
    expect(page.locator(".lead .frame")).to_be_hidden()
    page.goto("about:blank")  # more pictures fail when they come into view
    mistakes[:] = [mistake for mistake in mistakes if "ERR_FAILED" not in mistake]


@pytest.mark.slow
def test_new_stories_are_announced_and_shown_when_asked(
    browser: Browser,
    serve: Start,
    mistakes: list[str],
    mongod: str,
    database_name: str,
    tmp_path: Path,
) -> None:
    def put(name: str) -> None:
        write(tmp_path / f"{name}.md", f"---\ntitle: {name}\n---\n")
        load([str(tmp_path)], uri=mongod, database=database_name, options=Options(jobs=1))

    put("First light")
    _, url = serve(NEWSGRAPH_AUDIENCE="public")
    with watched_page(browser, url, mistakes) as page:
        with page.expect_response(lambda found: "event-stream" in found.headers["content-type"]):
            page.goto(url)
        put("Second wind")
        page.get_by_role("button", name="1 new story").click()
        expect(page.locator(".headline", has_text="Second wind")).to_be_visible()
