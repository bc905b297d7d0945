"""Bodies that are shown, against an independent parser and a real browser."""

import re
from contextlib import suppress
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodies.rendering import BodyFormat, TooLong
from bodies.safety import safe_html
from bodies.tidiness import TAGS
from tests.bodies.hostile import COSTLY, SCRIPTS

BASE = "https://news.example/2026/a-story/"
ATTRIBUTES = set(
    "align alt char charoff cite class colspan datetime dir headers height href hreflang id lang "
    "rel rowspan scope size span src start summary title width".split()
)


class _Checker(HTMLParser):
    """Fails on whatever could run code, set styles or leave its place."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        for name, value in attrs:
            assert name in ATTRIBUTES
            if name in ("href", "src", "cite"):
                assert re.match(r"https?://|mailto:|tel:|#user-content-", value or "")
            if name == "id":
                assert (value or "").startswith("user-content-")
            if name == "class":
                assert (value or "") in ("", "footnote-definition", "footnote-reference",
                                         "footnote-definition-label")  # fmt: skip

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)


def check(html: str) -> None:
    """Fail unless HTML is safe to show."""
    checker = _Checker()
    checker.feed(html)
    checker.close()


@pytest.mark.parametrize("format_", BodyFormat)
@pytest.mark.parametrize("body", SCRIPTS)
def test_nothing_that_runs_is_left(body: str, format_: BodyFormat) -> None:
    check(safe_html(body, format_, BASE))


@given(
    st.lists(st.sampled_from(SCRIPTS) | st.text("<>/='\"` &;:!-\\[]()\n*_ab", max_size=8)).map(
        "".join
    ),
    st.sampled_from(BodyFormat),
)
def test_nothing_that_runs_is_left_of_any_mixture(body: str, format_: BodyFormat) -> None:
    html = safe_html(body, format_, BASE)

    check(html)
    check(safe_html(html, BodyFormat.HTML, BASE))


@pytest.mark.parametrize("format_", [BodyFormat.MARKDOWN, BodyFormat.HTML])
@pytest.mark.parametrize("name", COSTLY)
def test_costly_bodies_are_rendered_or_refused(name: str, format_: BodyFormat) -> None:
    with suppress(TooLong):
        check(safe_html(COSTLY[name], format_, BASE))


@pytest.mark.parametrize(
    ("link", "whole"),
    [
        ("../other", "https://news.example/2026/other"),
        ("/about", "https://news.example/about"),
        ("?page=2", f"{BASE}?page=2"),
        ("//cdn.example/x.png", "https://cdn.example/x.png"),
        ("http://a.example/x", "http://a.example/x"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("#part", "#user-content-part"),
    ],
)
def test_addresses_are_made_whole(link: str, whole: str) -> None:
    assert f'<a href="{whole}"' in safe_html(f"[x]({link})", BodyFormat.MARKDOWN, BASE)
    if not link.startswith("mailto"):
        assert f'<img src="{whole}"' in safe_html(f'<img src="{link}">', BodyFormat.HTML, BASE)


def test_without_an_address_links_stay_as_they_are() -> None:
    html = safe_html("[x](../y) ![z](/z.png)", BodyFormat.MARKDOWN, None)

    assert 'href="../y"' in html
    assert 'src="/z.png"' in html


def test_a_footnote_and_its_reference_find_each_other() -> None:
    html = safe_html("a[^note]\n\n[^note]: b", BodyFormat.MARKDOWN, BASE)

    assert 'href="#user-content-note"' in html
    assert 'id="user-content-note"' in html


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("## a\n\n*b* **c** `d` ~~e~~", "<h2>a</h2><p><em>b</em> <strong>c</strong> <code>d</code> "
         "<del>e</del></p>"),
        ("<kbd>a</kbd>\n\n> b\n\n1. c", "<p><kbd>a</kbd></p><blockquote><p>b</p></blockquote><ol>"
         "<li>c</li></ol>"),
        ("![a](b.png 'c')", f'<p><img src="{BASE}b.png" alt="a" title="c"></p>'),
        ("|a|\n|-|\n|b|", "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr>"
         "</tbody></table>"),
    ],
)  # fmt: skip
def test_what_readers_need_is_kept(body: str, html: str) -> None:
    assert safe_html(body, BodyFormat.MARKDOWN, BASE).replace("\n", "") == html
