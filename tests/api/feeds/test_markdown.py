"""Items as Markdown, and llms.txt (`markdown`)."""

import re

import pyromark
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.feeds.addresses import Addresses
from api.feeds.markdown import _link, _text
from tests.api.feeds.conftest import ORIGIN, pages_of
from tests.schema.newsroom import Newsroom, item

pytestmark = pytest.mark.anyio


def path_of(name: str, extension: str = ".md") -> str:
    return f"/items/{item(name)['_id'].removeprefix('item:')}{extension}"


async def test_an_item_is_a_page_of_markdown(newsroom: Newsroom) -> None:
    newsroom.put(
        item(
            "a",
            title="Tides & *ferries*",
            excerpt="What the tide brings.",
            body="Read **on**.",
            bodyFormat="markdown",
            authors=["Ada Moor"],
            topics=["Energy"],
            related=["b", {"title": "Elsewhere", "webUrl": "https://two.example/(c)"}],
        ),
        item("b"),
    )
    page = (await pages_of(newsroom).get(path_of("a"))).text
    assert (
        page
        == f"""# Tides & \\*ferries\\*

- Published: 2026-01-01T00:00:00Z
- By: Ada Moor
- Topics: Energy
- Address: <https://one.example/a>

> What the tide brings.

Read **on**.

## Related

- [Story b]({ORIGIN}{path_of("b")})
- [Elsewhere](https://two.example/%28c%29)
"""
    )


@pytest.mark.parametrize("format_", ["html", "mdx"])
async def test_a_body_that_is_not_markdown_is_text(newsroom: Newsroom, format_: str) -> None:
    newsroom.put(item("a", body="<p>Read <b>on</b>.</p>", bodyFormat=format_))
    page = (await pages_of(newsroom).get(path_of("a"))).text
    assert page.endswith("\n\nRead on.\n")


async def test_llms_txt_links_to_the_items_and_the_feeds(newsroom: Newsroom) -> None:
    newsroom.put(item("a", topics=["Energy"], provider="one.example", excerpt="A tide."))
    text = (await pages_of(newsroom).get("/llms.txt")).text
    lines = text.splitlines()
    assert lines[0] == "# The Tide"
    assert lines[2] == "> 1 items of news. Each is also a page of Markdown."
    assert f"- [Energy]({ORIGIN}/feeds/topics/energy.json): 1 items" in lines
    assert f"- [The one.example]({ORIGIN}/feeds/providers/one.example.json): 1 items" in lines
    assert any(line.startswith("- [Story a](") and line.endswith("): A tide.") for line in lines)
    for address in re.findall(rf"\]\({ORIGIN}(/[^)]+)\)", text):
        if address not in ("/graphql", "/schema.graphql"):
            assert (await pages_of(newsroom).get(address)).status_code == 200


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_no_title_becomes_markup(text: str) -> None:
    html = pyromark.html(_link(text, "https://one.example/a"))
    assert len(re.findall("<a ", html)) <= 1
    assert not re.findall(r"<(?!/?(ul|li|a)\b)", html.replace("<br", ""))


@given(st.text(max_size=30))
def test_text_has_one_line(text: str) -> None:
    assert len(_text(text).splitlines()) <= 1


def test_addresses_have_their_special_characters_escaped() -> None:
    assert Addresses(ORIGIN, has_reader=True).page("item:a/b?") == f"{ORIGIN}/items/a%2Fb%3F"
