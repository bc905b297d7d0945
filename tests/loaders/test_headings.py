"""The first heading of level 1 of a body."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.headings import first_heading


@pytest.mark.parametrize(
    ("body", "title", "rest"),
    [
        ("# A", "A", ""),
        ("# A #\n\nb", "A", "b"),
        ("   #\tA ##  \nb", "A", "b"),
        ("# A # b", "A # b", ""),
        ("A\n=\n\nb", "A", "b"),
        ("A\n===\nb", "A", "b"),
        ("b\n\n# A\n\nc", "A", "b\n\n# A\n\nc"),
        ("b\n\nA\n===", "A", "b\n\nA\n==="),
        ("<!-- more -->\n# A\nb", "A", "<!-- more -->\nb"),
        ("<!--\n# no\n-->\n\n# A", "A", "<!--\n# no\n-->"),
        ("```\n# no\n```\n# A", "A", "```\n# no\n```\n# A"),
        ("~~~ sh\n# no\n```\n~~~~\n# A", "A", "~~~ sh\n# no\n```\n~~~~\n# A"),
        ("# *A* **b** `c` [d](e) ![f](g) \\# {#id}", "A b c d f #", ""),
        ("# snake_case_name and __init__", "snake_case_name and init", ""),
        ("#\n# A", "A", "#\n# A"),
    ],
)
def test_the_first_heading_is_found(body: str, title: str, rest: str) -> None:
    assert first_heading(body) == (title, rest)


@pytest.mark.parametrize(
    "body",
    ["", "text", "## A", "#A", "    # A", "\t# A", "```\n# A", "> # A", "- A\n===", "a\nb\n===",
     "## A\n===", "<!-- # A -->", "<!--\n# A", "#", "# #", "===", "\n===", "####### A"],
)  # fmt: skip
def test_other_texts_have_none(body: str) -> None:
    assert first_heading(body) is None


@given(st.text(alphabet="#=`~ \n<!->a*_[]()\\{}"))
def test_a_heading_has_text_and_comes_from_the_body(body: str) -> None:
    heading = first_heading(body)

    if heading is not None:
        assert heading.text.strip() == heading.text != ""
        assert "\n" not in heading.text
        assert heading.body == body or len(heading.body) < len(body)


@pytest.mark.parametrize("piece", ["# ", "*a", "[", "![", "`", "_a", "\n", "a\n", "```\n", "<!--"])
def test_hostile_bodies_take_linear_time(piece: str) -> None:
    started = time.process_time()

    first_heading("# " + piece * 200_000)
    first_heading(piece * 200_000)

    assert time.process_time() - started < 5
