"""Documents of a synthetic corpus of any size, for benchmarks that do not measure loading."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from store.documents import derive
from store.ids import item_id, provider_id, topic_id

_WORDS = (
    "harbour council tide outline ferry engineers archive signal winter festival bridge library "
    "turbine market charter station museum island lantern pilot garden orchard observatory canal"
).split()
_TOPICS = [f"Topic {number}" for number in range(24)]
_PROVIDERS = [f"paper{number}.example" for number in range(80)]
_START = datetime(2020, 1, 1, tzinfo=UTC)


def domain_of(number: int) -> str:
    """Return the domain of the provider of item `number`."""
    return _PROVIDERS[number % len(_PROVIDERS)]


def url_of(number: int) -> str:
    """Return the URL of item `number`."""
    return f"https://{domain_of(number)}/news/{number // 1000}/story-{number}"


def item(number: int, size: int) -> dict[str, Any]:
    """Return the front matter of item `number` of `size`; the same for the same arguments."""
    chance = random.Random(number)
    others = [chance.randrange(size), chance.randrange(size), size + number]
    return {
        **_entry(number, chance),
        "category": chance.choice(("news", "news", "news", "learning")),
        "published": chance.random() < 0.9,
        "topics": chance.sample(_TOPICS, 2),
        "related": [_entry(other, random.Random(other)) for other in others],
        "secured": f"{'Q' * 640};{'i' * 22}==",
    }


def documents(size: int) -> Iterator[dict[str, Any]]:
    """Yield the documents of a corpus of `size` items, as a load would store them."""
    for number in range(size):
        fields = item(number, size)
        ciphertext, iv = fields["secured"].split(";")
        yield derive(
            {
                **_stored(fields),
                "_id": item_id(fields["webUrl"]),
                "path": f"{number // 1000}/{number}.md",
                "tags": [],
                "topics": [{"id": topic_id(name), "name": name} for name in fields["topics"]],
                "related": [
                    {**_stored(entry), "ref": item_id(entry["webUrl"])}
                    for entry in fields["related"]
                ],
                "secured": {"ciphertext": ciphertext, "iv": iv},
            }
        )


def _entry(number: int, chance: random.Random) -> dict[str, Any]:
    domain = domain_of(number)
    words = chance.choices(_WORDS, k=40)
    return {
        "title": " ".join(words[:8]).capitalize(),
        "excerpt": f"{' '.join(words).capitalize()}.",
        "publishedDateTime": _START + timedelta(minutes=chance.randrange(3_000_000)),
        "webUrl": url_of(number),
        "ampWebUrl": f"https://amp.{domain}/news/{number // 1000}/story-{number}",
        "cdnAmpWebUrl": f"https://cdn.example/c/s/amp.{domain}/news/story-{number}",
        "type": chance.choice(("article", "article", "video")),
        "quality": chance.randrange(100),
        "heat": chance.randrange(-10, 200),
        "provider": {"name": f"Paper {number % len(_PROVIDERS)}", "domain": domain},
        "images": [
            {
                "url": f"https://img.{domain}/{number}/large.jpg?width=1200&quality=85&fit=max",
                "width": 1200,
                "height": 675,
                "title": " ".join(words[:8]).capitalize(),
            }
        ],
    }


def _stored(fields: dict[str, Any]) -> dict[str, Any]:
    domain = fields["provider"]["domain"]
    return {
        **fields,
        "provider": {"id": provider_id(domain), **fields["provider"]},
        "images": [{**image, "isCached": False} for image in fields["images"]],
    }
