"""Ids are deterministic, and equivalent URLs share one."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from store.ids import (
    canonical_url,
    item_id,
    item_id_of_path,
    kind_in,
    name_in,
    provider_id,
    slug,
    topic_id,
    url_domain,
)

PAGE = "https://news.example.com/2020/a-story?id=7"


@pytest.mark.parametrize(
    "same",
    [
        "HTTPS://NEWS.Example.COM/2020/a-story?id=7",
        "http://news.example.com:80/2020/a-story/?id=7",
        "https://news.example.com:443/2020/a-story?id=7#comments",
        "https://news.example.com/2020/a-story?utm_source=x&id=7&fbclid=1",
        "https://news.example.com/2020/%61-story?id=7",
        "https://news.example.com/2019/../2020/./a-story?id=7",
        "  https://news.example.com/2020/a-story?id=7\n",
    ],
)
def test_equivalent_urls_share_an_id(same: str) -> None:
    assert item_id(same) == item_id(PAGE)


@pytest.mark.parametrize(
    "other",
    [
        "https://news.example.com/2020/a-story",
        "https://news.example.com/2020/a-story?id=8",
        "https://news.example.com/2020/A-story?id=7",
        "https://news.example.com:8443/2020/a-story?id=7",
        "https://example.com/2020/a-story?id=7",
    ],
)
def test_different_pages_have_different_ids(other: str) -> None:
    assert item_id(other) != item_id(PAGE)


@pytest.mark.parametrize(
    "bad", ["", "a-story", "/a", "mailto:a@example.com", "https://", "http:///a"]
)
def test_only_an_absolute_url_has_an_id(bad: str) -> None:
    with pytest.raises(ValueError, match="not an absolute"):
        item_id(bad)


@example("http://a.example/ /")
@given(st.from_regex(r"https?://[a-z]{1,9}\.example(/[ -~äß日]{0,9}){0,3}", fullmatch=True))
def test_canonical_form_is_a_fixed_point(url: str) -> None:
    once = canonical_url(url)
    assert canonical_url(once) == once


@example("https://A.example/")
@example("https://a.example/b/../c/./d")
@example("http://a.example//b.c//")
@example(f"https://{'a' * 301}/")
@given(st.from_regex(r"https?://[a-z.-]{1,9}(/[aA.~_?%:-]{0,4}){0,4}", fullmatch=True))
def test_urls_that_need_no_parsing_get_the_same_form(url: str) -> None:
    def form(spelling: str) -> str | None:
        try:
            return canonical_url(spelling)
        except ValueError:
            return None

    assert form(url) == form(f" {url}")  # with a space, it is parsed


def test_non_ascii_urls_equal_their_encoded_form() -> None:
    assert item_id("https://zürich.example/ü") == item_id("https://xn--zrich-kva.example/%c3%BC")


@given(st.text(min_size=1))
def test_a_slug_is_its_own_slug(name: str) -> None:
    assert slug(slug(name)) == slug(name)
    assert topic_id(slug(name)) == topic_id(name)


def test_names_that_people_tell_apart_have_different_slugs() -> None:
    assert {slug(name) for name in ("C", "C++", "C#")} == {"c", "c-plus-plus", "c-sharp"}
    assert slug("Computer  Vision") == slug("computer-vision") == "computer-vision"


def test_a_name_without_letters_and_digits_has_a_slug() -> None:
    assert slug("!") != slug("?")
    assert slug("!") == slug("!")


def test_a_file_without_a_url_is_known_by_its_path() -> None:
    assert item_id_of_path("a.md") == item_id_of_path("a.md") != item_id_of_path("b.md")
    assert len({item_id_of_path("a.md", root) for root in ("", "one", "other")}) == 3


def test_a_host_that_idna_rejects_is_compared_as_text() -> None:
    host = "ü" * 64 + ".example"
    assert canonical_url(f"http://{host}/") == f"https://{host}"


@pytest.mark.parametrize("start", ["https://", "//", "\nht\ttps:/\r/"])
@pytest.mark.parametrize("part", ["a\u0301\u0316", "éa.", "\ufdfa", "a.", "@", "[", ":"])
def test_a_host_longer_than_any_is_refused_before_it_is_normalized(start: str, part: str) -> None:
    url = f"{start}{part * 301}.example/"
    with pytest.raises(ValueError, match="host is longer than 300 characters"):
        canonical_url(url)
    assert url_domain(url) is None


@given(st.text(st.sampled_from("a%2fEé日\ud800😀")))
def test_escapes_have_one_form(text: str) -> None:
    path = canonical_url(f"https://a.example/{text}")
    assert path.isascii()
    assert canonical_url(path) == path


def test_half_a_surrogate_pair_is_an_escaped_question_mark() -> None:
    assert canonical_url("https://a.example/\ud800é%c3").endswith("/%3F%C3%A9%C3")


def test_a_provider_is_its_domain() -> None:
    assert provider_id("WWW.Example.com.") == "provider:example.com"
    assert provider_id("https://www.example.com/about") == "provider:example.com"
    assert url_domain("https://www.example.com/a") == "example.com"
    assert url_domain("not a url") is None
    assert url_domain("http://[") is None


@pytest.mark.parametrize(
    ("id_", "kind", "name"),
    [
        (provider_id("example.com:8080"), "provider", "example.com:8080"),
        (topic_id("Offshore Wind"), "topic", "offshore-wind"),
        ("anything", "anything", ""),
    ],
)
def test_an_id_is_a_kind_and_a_name(id_: str, kind: str, name: str) -> None:
    assert (kind_in(id_), name_in(id_)) == (kind, name)
