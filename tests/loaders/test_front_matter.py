"""Where front matter begins and ends, and which body is left."""

import pytest

from loaders.diagnostics import BadInput, Problem
from loaders.front_matter import FrontMatter, body_of, split


@pytest.mark.parametrize(
    ("text", "yaml", "body"),
    [
        ("---\ntitle: A\n---\nbody\n", "title: A\n", "body\n"),
        ("---\ntitle: A\n---", "title: A\n", ""),
        ("---\ntitle: A\n...\nbody", "title: A\n", "body"),
        ("---  \ntitle: A\n---\t\nbody", "title: A\n", "body"),
        ("---\r\ntitle: A\r\n---\r\nbody\r\n", "title: A\r\n", "body\r\n"),
        ("---\n---\nbody", "", "body"),
        ("---\ntitle: A\n---\na\n---\nb", "title: A\n", "a\n---\nb"),
        ("---\ntitle: a --- b\n---\n", "title: a --- b\n", ""),
        ("---\ntitle: |\n ---\n---\n", "title: |\n ---\n", ""),
    ],
)
def test_front_matter_and_body_are_split(text: str, yaml: str, body: str) -> None:
    assert split(text) == FrontMatter(yaml, 1, body)


@pytest.mark.parametrize(
    "text",
    ["", "# A title\n", "\n---\ntitle: A\n---\n", " ---\ntitle: A\n---\n", "----\n", "--- a"],
)
def test_a_text_that_does_not_begin_with_hyphens_has_no_front_matter(text: str) -> None:
    assert split(text) is None


@pytest.mark.parametrize("text", ["---", "---\n", "---\ntitle: A\n", "---\ntitle: A\n ---\n----"])
def test_front_matter_must_be_closed(text: str) -> None:
    with pytest.raises(BadInput) as raised:
        split(text)

    message = "is not closed; write a line of three hyphens (---) after the last key"
    assert raised.value.problems == (Problem(1, 1, "front matter", message, "unclosed"),)


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("", None),
        (" \n\r\n\t\n", None),
        ("a", "a"),
        ("\n\n  \na\n\n", "a"),
        ("a\r\n\r\nb\r\n", "a\n\nb"),
        ("\n    code\nmore", "    code\nmore"),
        ("    code", "    code"),
    ],
)
def test_a_body_loses_blank_lines_but_keeps_its_indentation(text: str, body: str | None) -> None:
    assert body_of(text) == body
