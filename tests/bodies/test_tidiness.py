from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodies.tidiness import MAX_DEPTH, MAX_FORMATTING, TAGS, tidied

PIECES = st.sampled_from(
    ["<p>", "</p>", "<b>", "</b>", "<div>", "</div>", "<li>", "<table>", "</table>", "<tr>", "<td>",
     "<a href='x'>", "</a>", "<br>", "<img src=x>", "<script>", "</script>", "<!--", "-->", "<x-y>",
     "text ", "<", ">", "'", '"', "&amp;", "&", "<P CLASS=x>", "</", "<!", "\n"]
)  # fmt: skip


class _Elements(HTMLParser):
    """Checks that elements are closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []
        self.deepest = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        assert tag in TAGS
        if tag not in ("br", "img"):
            self.opened.append(tag)
            self.deepest = max(self.deepest, len(self.opened))

    def handle_endtag(self, tag: str) -> None:
        assert self.opened.pop() == tag


@given(st.lists(PIECES, max_size=300).map("".join))
def test_tidied_html_is_balanced_and_shallow(html: str) -> None:
    tidy = tidied(html)

    elements = _Elements()
    elements.feed(tidy)
    elements.close()
    assert elements.opened == []
    assert elements.deepest <= MAX_DEPTH
    assert tidied(tidy) == tidy


@pytest.mark.parametrize(
    ("html", "tidy"),
    [
        ("<p>a <b>b</b><br>", "<p>a <b>b</b><br></p>"),
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<b><i>a</b>b</i>", "<b><i>a</i></b>b"),
        ("a</div>b", "ab"),
        ("1 < 2 <3", "1 &lt; 2 &lt;3"),
        ("<Tabs a={1}>b</Tabs><My.Card/>", "b"),
        ("a<!-- <b> -->b<!-->c-->d<!--e", "ab" + "c-->d"),
        ("a<script>'</p>'</script >b<STYLE>c</style>d", "abd"),
        ("<a href='x>y' title=\"z\">b</a>", "<a href='x>y' title=\"z\">b</a>"),
        ("<a href='x", "&lt;a href='x"),
        (f"<b title='{'x' * 100}'>b</b>", "<b>b</b>"),
    ],
)
def test_what_becomes_of_html(html: str, tidy: str) -> None:
    assert tidied(html) == tidy


def test_deep_elements_lose_their_tags() -> None:
    tidy = tidied("<div>" * 1_000 + "a")
    assert tidy == "<div>" * MAX_DEPTH + "a" + "</div>" * MAX_DEPTH

    assert tidied("<b>" * 1_000).count("<b>") == MAX_FORMATTING
