import pytest

from bodies.rendering import MAX_BODY, BodyFormat, TooLong, html_of


@pytest.mark.parametrize(
    ("body", "format_", "html"),
    [
        ("*a* <b>b</b>", BodyFormat.MARKDOWN, "<p><em>a</em> <b>b</b></p>\n"),
        ("~~a~~", BodyFormat.MARKDOWN, "<p><del>a</del></p>\n"),
        ("*a* <b>b</b>", BodyFormat.HTML, "*a* <b>b</b>"),
        ("1 < 2 &\n3\n\n \n4", BodyFormat.TEXT, "<p>1 &lt; 2 &amp;<br>\n3</p>\n<p>4</p>"),
        (
            "import A from 'a'\nexport const b = {\n  c: 1\n}\n\n# T\n\nimport is a word\n",
            BodyFormat.MDX,
            "<h1>T</h1>\n",
        ),
        ("a\nimport b", BodyFormat.MDX, "<p>a\nimport b</p>\n"),
        (
            "```js\nimport a\n\nimport b\n```\n",
            BodyFormat.MDX,
            '<pre><code class="language-js">import a\n\nimport b\n</code></pre>\n',
        ),
    ],
)
def test_a_body_is_rendered_as_its_format_says(body: str, format_: BodyFormat, html: str) -> None:
    assert html_of(body, format_) == html


def test_tables_and_footnotes_are_rendered() -> None:
    html = html_of("|a|\n|-|\n|b|\n\nx[^1]\n\n[^1]: y", BodyFormat.MARKDOWN)

    assert "<td>b</td>" in html
    assert "footnote-definition" in html


@pytest.mark.parametrize("format_", BodyFormat)
def test_a_body_that_is_too_long_is_not_rendered(format_: BodyFormat) -> None:
    html_of("a" * MAX_BODY, format_)
    with pytest.raises(TooLong, match="262,145 characters; at most 262,144"):
        html_of("a" * (MAX_BODY + 1), format_)


def test_html_that_is_much_longer_than_its_body_is_refused() -> None:
    with pytest.raises(TooLong, match="in HTML"):
        html_of(">" * MAX_BODY, BodyFormat.MARKDOWN)
