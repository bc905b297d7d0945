import pytest

from bodies.rendering import MAX_BODY, BodyFormat
from bodies.text import MAX_OPENING, body_text, measured, rough_text, shortened
from tests.bodies.hostile import COSTLY

M, H = BodyFormat.MARKDOWN, BodyFormat.HTML


@pytest.mark.parametrize(
    ("body", "format_", "text"),
    [
        ("# A\n\n*b* c\nd\n\n- e\n- f & g", M, "A\nb c d\ne\nf & g"),
        ("a<br>b <b>c</b>d<script>e</script>", H, "a\nb cd"),
        ("<p title='a>b'>c &lt;d&gt;</p>", H, "c <d>"),
        ("|a|b|\n|-|-|\n|c|d|", M, "a\nb\nc\nd"),
        ("1 < 2\n\n3", BodyFormat.TEXT, "1 < 2\n3"),
        ("", M, ""),
    ],
)
def test_the_text_of_a_body(body: str, format_: BodyFormat, text: str) -> None:
    assert body_text(body, format_) == text


@pytest.mark.parametrize(
    ("body", "format_", "words", "minutes"),
    [
        ("one **two** [three](https://four.example)", M, 3, 1),
        ("a<!-- b c --> d<style>e f</style>", H, 2, 1),
        ("word " * 213, M, 213, 1),
        ("word " * 214, M, 214, 2),
        ("語" * 500, M, 500, 1),
        ("語" * 501, M, 501, 2),
        ("ein großes Wort", M, 3, 1),
        ("<hr>", H, 0, 0),
        ("word " * MAX_BODY, M, MAX_BODY, 1231),
    ],
)
def test_words_and_minutes(body: str, format_: BodyFormat, words: int, minutes: int) -> None:
    assert measured(body, format_, with_opening=False) == (words, minutes, None)


def test_the_rough_text_has_the_words_without_the_markup() -> None:
    body = "# One\n\n[two](https://x.example) &amp; <b title='y'>three</b><script>z</script>"
    assert rough_text(body, M).split() == ["One", "two", "&", "three"]
    too_long = "<b>" * MAX_BODY
    assert rough_text(too_long, M) is too_long


@pytest.mark.parametrize(
    ("body", "opening"),
    [
        ("# T\n\n![x](y.png)\n\n{% include z %}\n\nThe *first*\none.\n\nb", "The first one."),
        ("<div><p class='a'>One<p>Two", "One"),
        ("- a", None),
        ("word " * 200, "word " * 99 + "word…"),
    ],
)  # fmt: skip
def test_the_opening_is_the_first_paragraph_with_text(body: str, opening: str | None) -> None:
    assert measured(body, M, with_opening=True).opening == opening


@pytest.mark.parametrize("format_", [M, H])
@pytest.mark.parametrize("name", COSTLY)
def test_costly_bodies_are_measured(name: str, format_: BodyFormat) -> None:
    opening = measured(COSTLY[name], format_, with_opening=True).opening
    assert len(opening or "") <= MAX_OPENING


@pytest.mark.parametrize(
    ("text", "length", "short"),
    [
        ("one two", 7, "one two"),
        ("one two three", 8, "one two…"),
        ("one, two", 5, "one…"),
        ("onetwothree", 5, "onet…"),
    ],
)
def test_a_text_is_cut_after_a_word(text: str, length: int, short: str) -> None:
    assert shortened(text, length) == short
    assert len(short) <= length
