"""The pages as callers get them: `routes`, `service`, `questions` and `addresses`."""

import httpx
import pytest

from store.audience import Audience
from store.errors import Unavailable
from store.reading.store import Readers
from tests.api.feeds.conftest import ORIGIN, pages_of
from tests.schema.newsroom import Newsroom, dated, item

pytestmark = pytest.mark.anyio

PATHS = {
    "/feeds/items.atom": "application/atom+xml",
    "/feeds/items.json": "application/feed+json",
    "/feeds/topics/energy.atom": "application/atom+xml",
    "/feeds/topics/energy.json": "application/feed+json",
    "/feeds/providers/one.example.json": "application/feed+json",
    "/feeds/authors/ada-moor.atom": "application/atom+xml",
    "/sitemap.xml": "application/xml",
    "/sitemaps/1.xml": "application/xml",
    "/llms.txt": "text/plain",
}


def story(name: str = "a") -> dict[str, object]:
    return item(name, topics=["Energy"], authors=["Ada Moor"], provider="one.example")


@pytest.mark.parametrize(("path", "media_type"), PATHS.items())
async def test_each_page_has_its_type_and_the_item(
    newsroom: Newsroom, path: str, media_type: str
) -> None:
    newsroom.put(story())
    response = await pages_of(newsroom, has_reader=False).get(path)
    assert response.status_code == 200
    assert response.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert "Story a" in response.text or "https://one.example/a" in response.text


async def test_the_site_has_its_name(newsroom: Newsroom) -> None:
    newsroom.put(story())
    http = pages_of(newsroom)
    assert "<title>The Tide</title>" in (await http.get("/feeds/items.atom")).text
    assert (await http.get("/feeds/items.json")).json()["title"] == "The Tide"
    assert (await http.get("/feeds/topics/energy.json")).json()["title"] == "Energy"
    assert (await http.get("/llms.txt")).text.startswith("# The Tide\n")


async def test_an_unchanged_page_is_not_sent_again(newsroom: Newsroom) -> None:
    newsroom.put(story())
    http = pages_of(newsroom)
    for path in (*PATHS, f"/items/{story()['_id'][5:]}.md"):  # type: ignore[index]
        first = await http.get(path)
        assert first.headers["cache-control"] == "public, max-age=0"
        condition = {"if-none-match": first.headers["etag"]}
        assert (await http.get(path, headers=condition)).status_code == 304
    newsroom.put(story("b"))
    assert (await http.get("/feeds/items.atom", headers=condition)).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/feeds/items.rss",
        "/feeds/topics/none.atom",
        "/feeds/topics/energy.rss",
        "/feeds/nothing/energy.atom",
        "/feeds/items/energy.atom",
        f"/feeds/topics/{'x' * 600}.atom",
        "/items/none.md",
        f"/items/{'x' * 11_000}.md",
        "/sitemaps/0.xml",
        "/sitemaps/2.xml",
        "/sitemaps/99999999999999999999.xml",
    ],
)
async def test_what_does_not_exist_is_not_found(newsroom: Newsroom, path: str) -> None:
    newsroom.put(story())
    assert (await pages_of(newsroom).get(path)).status_code == 404


async def test_markdown_is_for_those_who_accept_it(newsroom: Newsroom) -> None:
    newsroom.put(story())
    path = f"/items/{str(story()['_id']).removeprefix('item:')}"
    http = pages_of(newsroom)
    assert (await http.get(path, headers={"accept": "text/html"})).status_code == 404
    response = await http.get(path, headers={"accept": "text/markdown, */*;q=0.1"})
    assert response.text.startswith("# Story a\n")
    assert "Accept" in response.headers["vary"]
    assert response.text == (await http.get(f"{path}.md")).text


async def test_addresses_begin_with_a_known_origin_only(newsroom: Newsroom) -> None:
    newsroom.put(item("a", webUrl=None))
    http = pages_of(newsroom)
    known = await http.get("/sitemap.xml")
    assert f"<loc>{ORIGIN}/items/" in known.text
    for path in ("/sitemap.xml", "/feeds/items.json", "/feeds/items.atom", "/llms.txt"):
        response = await http.get(path, headers={"host": "evil.example"})
        assert response.status_code == 200
        assert "evil" not in response.text


async def test_editors_get_the_public_page_too(newsroom: Newsroom) -> None:
    newsroom.put(*dated(2), item("draft", published=False))
    http = pages_of(newsroom, anonymous=Audience.EDITOR)
    for headers in ({}, {"authorization": "Bearer token"}):
        response = await http.get("/feeds/items.json", headers=headers)
        assert len(response.json()["items"]) == 2
    wrong = await http.get("/feeds/items.json", headers={"authorization": "Bearer wrong"})
    assert wrong.status_code == 401


async def test_an_outage_is_an_error_and_not_an_empty_page(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> Readers:
        raise Unavailable("MongoDB is not responding; try again in a few seconds.")

    monkeypatch.setattr(newsroom.store, "readers", away)
    http = pages_of(newsroom)
    for path in ("/feeds/items.atom", "/feeds/topics/x.json", "/llms.txt", "/items/x.md"):
        response = await http.get(path)
        assert response.status_code == 503
        assert response.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"


async def test_a_page_that_takes_too_long_is_given_up(newsroom: Newsroom) -> None:
    http = pages_of(newsroom, timeout_s=1e-9)
    assert (await http.get("/feeds/items.atom")).status_code == 504


@pytest.mark.slow
async def test_a_feed_of_bodies_that_are_too_long_has_none(newsroom: Newsroom) -> None:
    body = "**&** " * 40_000  # 240,000 characters, and four times as much HTML: 29 MB in all
    newsroom.put(*(item(f"n{n}", body=body, bodyFormat="markdown") for n in range(30)))
    response = await pages_of(newsroom, timeout_s=300).get("/feeds/items.json")
    entries = response.json()["items"]
    assert len(entries) == 30
    assert len(response.content) < 2**20


def test_the_demo_serves_the_pages(served: str) -> None:
    for path in ("/feeds/items.atom", "/sitemap.xml", "/llms.txt"):
        response = httpx.get(f"{served}{path}")
        assert response.status_code == 200
        again = httpx.get(f"{served}{path}", headers={"if-none-match": response.headers["etag"]})
        assert again.status_code == 304
    listed = httpx.get(f"{served}/llms.txt").text
    (link, *_) = [line for line in listed.splitlines() if f"]({served}/items/" in line]
    page = httpx.get(link.partition("](")[2].partition(")")[0])
    assert page.headers["content-type"] == "text/markdown; charset=utf-8"
    assert page.text.startswith("# ")
