"""Synthetic corpora: items like a news crawler's, 3 to 5 KB each, three related entries."""

import base64
import random
from pathlib import Path

_WORDS = (
    "market city report team health climate river energy science school music court budget "
    "vaccine election harbor satellite bridge forest museum orchestra printer robot battery "
    "insurance festival election railway glacier archive kitchen stadium pension drone bakery"
).split()
_PROVIDERS = 400
_TOPICS = 120


def _sentence(rng: random.Random, words: int) -> str:
    return " ".join(rng.choices(_WORDS, k=words)).capitalize()


def _url(rng: random.Random, number: int) -> tuple[str, str]:
    provider = number * 7919 % _PROVIDERS
    slug = "-".join(rng.choices(_WORDS, k=8))
    domain = f"news{provider}.example.com"
    return f"https://www.{domain}/world/2020/{number % 12 + 1:02}/{number}/{slug}", domain


def _entry(rng: random.Random, total: int) -> str:
    other = rng.randrange(total)
    url, domain = _url(random.Random(other), other)
    amp = domain.replace(".", "-")
    lines = f"""\
title: "{_sentence(rng, 11)}"
excerpt: "{_sentence(rng, rng.randrange(20, 60))}"
publishedDateTime: 2020-02-{rng.randrange(1, 29):02}T{rng.randrange(24):02}:42:00Z
webUrl: "{url}"
ampWebUrl: "{url}?outputType=amp"
cdnAmpWebUrl: "https://{amp}.cdn.example.org/c/s/{url[8:]}?outputType=amp"
type: article
provider:
  name: News {domain}
  domain: {domain}
quality: {rng.randrange(30, 100)}
images:
  - url: "https://images.{domain}/resizer/{rng.getrandbits(160):x}/1280x720/smart/image.jpg"
    width: 1280
    height: 720"""
    return "  - " + lines.replace("\n", "\n    ") + "\n"


def item(number: int, total: int) -> str:
    """Return the file of item `number` of `total`; the same for the same arguments."""
    rng = random.Random(number)
    url, domain = _url(random.Random(number), number)
    topics = rng.sample(range(_TOPICS), 2)
    related = "".join(_entry(rng, total) for _ in range(3))
    secured = base64.b64encode(rng.randbytes(280)).decode()
    iv = base64.b64encode(rng.randbytes(16)).decode()
    return f"""\
---
category: news
title: "{_sentence(rng, 10)}"
excerpt: "{_sentence(rng, 30)}"
publishedDateTime: {2010 + number % 12}-0{number % 9 + 1}-{number % 28 + 1:02}T16:08:00Z
webUrl: "{url}"
ampWebUrl: "https://amp.{url[12:]}"
cdnAmpWebUrl: "https://cdn.example.org/c/s/amp.{url[12:]}"
type: article
quality: {rng.randrange(100)}
heat: {rng.randrange(-1, 300)}
published: {str(number % 10 != 0).lower()}

provider:
  name: News {domain}
  domain: {domain}

topics:
  - Topic {topics[0]}
  - Topic {topics[1]}

images:
  - url: "https://images.{domain}/{rng.getrandbits(160):x}/master/3500.jpg?width=300&fit=max"
    width: 600
    height: 360
    title: "{_sentence(rng, 10)}"

related:
{related}
secured: "{secured};{iv}"
---
"""


def write(folder: Path, total: int) -> int:
    """Write a corpus with 1,000 files per folder; returns its size in bytes."""
    size = 0
    for number in range(total):
        path = folder / f"{number // 1000:04}" / f"{number:07}.md"
        if number % 1000 == 0:
            path.parent.mkdir(parents=True, exist_ok=True)
        size += path.write_text(item(number, total), encoding="utf-8")
    return size
