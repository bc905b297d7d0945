"""The patterns that make addresses: `/:year/:month/:slug/`, as Jekyll and Hugo have them."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final
from urllib.parse import quote

_TOKEN: Final = re.compile(r":([a-z_]+)")
_DATES: Final[Mapping[str, Callable[[datetime], str]]] = {
    "year": lambda date: f"{date.year:04}",
    "short_year": lambda date: f"{date.year % 100:02}",
    "month": lambda date: f"{date.month:02}",
    "i_month": lambda date: str(date.month),
    "day": lambda date: f"{date.day:02}",
    "i_day": lambda date: str(date.day),
    "hour": lambda date: f"{date.hour:02}",
    "minute": lambda date: f"{date.minute:02}",
    "second": lambda date: f"{date.second:02}",
}
_TEXTS: Final[Mapping[str, str]] = {
    "slug": "slug",
    "title": "slug",
    "filename": "slug",
    "category": "category",
    "categories": "category",
    "section": "category",
}
TOKENS: Final = (*_DATES, *_TEXTS)
"""What a pattern may have, each with a colon before it."""


def unknown_token(pattern: str) -> str | None:
    """Return the first word of a pattern that means nothing."""
    return next((word for word in _TOKEN.findall(pattern) if word not in TOKENS), None)


def permalink(pattern: str, date: datetime | None, texts: Mapping[str, str | None]) -> str | None:
    """Return the path that a pattern makes, or None if something that it needs is missing.

    `texts` has the item's `slug` and `category`. Jekyll's `:title` is the slug too.
    """
    path = ""
    start = 0
    for match in _TOKEN.finditer(pattern):
        word = match[1]
        of_date = _DATES.get(word)
        value = date and of_date(date) if of_date else texts.get(_TEXTS[word])
        if not value:
            return None
        path += pattern[start : match.start()] + quote(value)
        start = match.end()
    return path + pattern[start:]
