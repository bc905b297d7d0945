"""Addresses from patterns."""

from datetime import UTC, datetime

import pytest

from loaders.permalinks import TOKENS, permalink, unknown_token

_DATE = datetime(2021, 3, 7, 4, 5, 6, tzinfo=UTC)
_TEXTS = {"slug": "ein-tag", "category": "Kunst & Kultur"}


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("/:year/:month/:day/:slug/", "/2021/03/07/ein-tag/"),
        ("/:short_year/:i_month/:i_day/:title.html", "/21/3/7/ein-tag.html"),
        ("/:categories/:filename", "/Kunst%20%26%20Kultur/ein-tag"),
        ("/blog/:hour:minute:second", "/blog/040506"),
        ("/fixed", "/fixed"),
    ],
)
def test_patterns(pattern: str, path: str) -> None:
    assert unknown_token(pattern) is None
    assert permalink(pattern, _DATE, _TEXTS) == path


def test_an_item_without_what_the_pattern_needs_has_no_address() -> None:
    assert permalink("/:year/:slug", None, _TEXTS) is None
    assert permalink("/:section/:slug", _DATE, {"slug": "a", "category": None}) is None
    assert permalink("/:slug", None, _TEXTS) == "/ein-tag"


def test_every_word_of_a_pattern_is_known() -> None:
    assert unknown_token("/:year/:yaer/") == "yaer"
    for token in TOKENS:
        assert permalink(f"/:{token}", _DATE, _TEXTS) not in (None, "/")
