"""A corpus for searches: words as often as in a language (Zipf), and what is asked of them.

The text is random words: it measures cost, not taste. The same size gives the same corpus, and the
words of each class follow from their frequencies, so nothing has to be counted.
"""

import random
from bisect import bisect
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from typing import Any, NamedTuple

from store.documents import derive
from store.ids import author_id, item_id, provider_id, topic_id

_LETTERS = {
    "en": ("bcdfglmnprstvw", "aeiou"),
    "de": ("bdfghklmnrstwz", "aeiouäöü"),
    "fr": ("bcdfglmnprstv", "aeiouéè"),
}
_VOCABULARY = {"en": 50_000, "de": 20_000, "fr": 20_000, "ja": 15_000}
_LOCALES = ("en-us", "de-de", "fr-fr", "ja-jp")
_SHARES = (0.90, 0.95, 0.98, 1.0)
_STOP_WORDS = "the of and to in a is that for it on with as was by this are be at from".split()
_STOP_SHARE = 0.35
_TITLE, _EXCERPT, _BODY = 9, 30, 200
_WORDS = (_TITLE + _EXCERPT + _BODY / 2) * (1 - _STOP_SHARE) * 0.9
_PROVIDERS, _TOPICS, _AUTHORS = 400, 300, 2_000
_CATEGORIES = ("news", "sport", "culture", "science", "travel", "food", "money", "opinion")
_TYPES = ("article", "video", "podcast", "gallery", "course")
_START = datetime(2018, 1, 1, tzinfo=UTC)
_DAYS = 2_900


class Classes(NamedTuple):
    """Words by the share of items that have them."""

    rare: list[str]
    """In about ten items, or the rarest there are."""
    mid: list[str]
    """In 0.5 to 5 % of the items."""
    common: list[str]
    """In more than half."""


def classes(size: int) -> Classes:
    """Return words of each class in a corpus of a size, at most 100 of each."""
    total = _weights("en")[-1]
    found = Classes([], [], [])
    for rank in range(_VOCABULARY["en"]):
        share = 1 - (1 - 1 / ((rank + 1) * total)) ** _WORDS
        for words, low, high in (
            (found.common, 0.5, 1.0),
            (found.mid, 0.005, 0.05),
            (found.rare, 7 / size, 13 / size),
        ):
            if low <= share <= high and len(words) < 100:
                words.append(word("en", rank))
    if len(found.rare) < 100:  # a large corpus has no words as rare as that
        last = _VOCABULARY["en"]
        found.rare[:] = [word("en", rank) for rank in range(last - 100, last)]
    return found


def documents(size: int) -> Iterator[dict[str, Any]]:
    """Yield the items of a corpus, as a load would store them."""
    for number in range(size):
        yield document(number)


def document(number: int) -> dict[str, Any]:
    """Return one item."""
    chance = random.Random(number)
    locale = _LOCALES[bisect(_SHARES, chance.random())]
    domain = f"paper{int(chance.random() ** 2 * _PROVIDERS)}.example"
    date = _START + timedelta(days=chance.randrange(_DAYS))
    if chance.random() > 0.3:
        date += timedelta(seconds=chance.randrange(86_400))
    topics = {f"Topic {int(chance.random() ** 2 * _TOPICS)}" for _ in range(chance.randrange(4))}
    author = f"Author {chance.randrange(_AUTHORS)}"
    return derive(
        {
            "_id": item_id(f"https://{domain}/{number}"),
            "webUrl": f"https://{domain}/{number}",
            "path": f"{number // 1000}/{number}.md",
            "title": _text(locale, _TITLE, chance),
            "excerpt": _text(locale, _EXCERPT, chance),
            "body": _text(locale, chance.randrange(_BODY), chance),
            "bodyFormat": "markdown",
            "locale": locale,
            "category": _CATEGORIES[min(int(chance.expovariate(0.6)), 7)],
            "type": _TYPES[min(int(chance.expovariate(0.9)), 4)],
            "published": chance.random() < 0.8,
            "publishedDateTime": date,
            "quality": chance.randrange(100),
            "heat": chance.randrange(200),
            "provider": {"id": provider_id(domain), "name": domain, "domain": domain},
            "topics": [{"id": topic_id(name), "name": name} for name in sorted(topics)],
            "authors": [{"id": author_id(author), "name": author}],
            "tags": [f"tag{int(chance.random() ** 3 * 500)}"],
            "images": [],
            "related": [],
        }
    )


@cache
def word(language: str, rank: int) -> str:
    """Return the word of a language that is on a place of its frequency list."""
    if language == "ja":
        return chr(0x4E00 + rank % 8_000) + chr(0x3042 + rank // 8_000)
    consonants, vowels = _LETTERS[language]
    number, letters = rank + 20, ""
    while number:
        number, letter = divmod(number, len(consonants) * len(vowels))
        letters += consonants[letter % len(consonants)] + vowels[letter // len(consonants)]
    return f"{letters}n"  # no ending that a stemmer removes


def _text(locale: str, length: int, chance: random.Random) -> str:
    language = locale[:2]
    weights = _weights(language)
    drawn = [
        chance.choice(_STOP_WORDS)
        if chance.random() < _STOP_SHARE
        else word(language, bisect(weights, chance.random() * weights[-1]))
        for _ in range(length)
    ]
    return ("" if language == "ja" else " ").join(drawn)


@cache
def _weights(language: str) -> list[float]:
    return [*accumulate(1 / (rank + 1) for rank in range(_VOCABULARY[language]))]
