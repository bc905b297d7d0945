"""What is derived from bodies: `loaders.bodies`."""

import pytest

from tests.loaders.parsed import item, only_item, parsed


@pytest.mark.parametrize(
    ("path", "format_"),
    [
        ("a.md", "markdown"),
        ("a.markdown", "markdown"),
        ("a.MDX", "mdx"),
        ("a.html", "html"),
        ("a.txt", "text"),
    ],
)
def test_the_suffix_of_a_file_decides_on_the_format(path: str, format_: str) -> None:
    assert item("title: A", "<p>b</p>", path)["bodyFormat"] == format_


@pytest.mark.parametrize(
    ("body", "format_"), [("<p>b</p>\\n", "html"), ("*b*", "markdown"), ("<b> *c*", "markdown")]
)
def test_the_bodies_of_data_are_markdown_unless_they_are_html(body: str, format_: str) -> None:
    for text, path in (
        (f'{{"title": "A", "body": "{body}"}}', "a.json"),
        (f'title: A\nbody: "{body}"', "a.yaml"),
        (f'title = "A"\nbody = "{body}"', "a.toml"),
    ):
        assert only_item(parsed(text, path))["bodyFormat"] == format_


def test_an_item_is_measured() -> None:
    built = item("title: A", "## B\n\nThe *opening* words.\n\nMore.")

    assert (built["wordCount"], built["readingMinutes"]) == (5, 1)
    assert built["opening"] == "The opening words."


def test_an_excerpt_makes_an_opening_needless() -> None:
    assert "opening" not in item("title: A\nexcerpt: B", "C")


def test_an_item_without_a_body_has_no_measures() -> None:
    assert (
        item("title: A")
        .keys()
        .isdisjoint(("body", "bodyFormat", "wordCount", "readingMinutes", "opening"))
    )
