"""What a site file makes files depend on: `loaders/site_rules.py` and `loaders/read.py`."""

import pytest

from loaders.read import digest_of
from loaders.site_file import parse_site
from loaders.site_rules import SiteRules, rules_of
from loaders.source_mapping import NO_RULES


def _digest(site: str, text: str) -> str:
    return digest_of(text.encode(), SiteRules(parse_site(site)))


@pytest.mark.parametrize(
    "change",
    [
        "fields: {price: {type: Int}}",
        "fields: {price: {type: String, filter: true}}",
        "fields: {cost: {type: String, key: price}}",
        "names: {excerpt: price}",
        "url: https://blog.example.com\nfields: {price: String}",
        "locale: en\nfields: {price: String}",
        "locale: en",
        "",
    ],
)
def test_what_a_file_depends_on(change: str) -> None:
    site = "fields: {price: String}"
    assert _digest(site, "price: 3") != _digest(change, "price: 3")


@pytest.mark.parametrize(
    "change",
    [
        "fields: {price: {type: String, description: What it costs.}}",
        "fields: {price: {type: String, audience: editor}}",
        "fields: {price: String, levels: {type: '[Int]', filter: true}}",
        "names: {topics: subjects}\nfields: {price: String}",
    ],
)
def test_what_a_file_does_not_depend_on(change: str) -> None:
    site = "fields: {price: String}"
    assert _digest(site, "price: 3") == _digest(change, "price: 3")


@pytest.mark.parametrize("text", [r'"pr\x69ce": 3', r'{"pr\u0069ce": 3}', '? "pri\\\n  ce"\n: 3'])
def test_a_key_that_is_spelled_with_escapes_counts(text: str) -> None:
    assert _digest("fields: {price: String}", text) != _digest("fields: {price: Int}", text)


def test_without_a_site_file_digests_are_as_they_were() -> None:
    assert _digest("", "a") == digest_of(b"a") == digest_of(b"a", NO_RULES)


def test_rules_are_made_once_for_equal_sites() -> None:
    assert rules_of(parse_site("locale: en")) is rules_of(parse_site("locale: 'en'"))
