"""Requests that once stopped a worker or filled its memory, and the content that some of them need.

To add one, append to `ATTACKS`. `test_attacks.py` sends each to the application; the benchmark
`benchmarks.attacks` sends them to a server and measures what other clients notice.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Final

import orjson

# A query starts with this, which becomes a name of its own each time: no cache helps.
_QUERY: Final = "query ATTACK"


class Content(Enum):
    """What is loaded when an attack arrives."""

    EXAMPLES = "examples"
    DIGESTS = "digests"
    """Items that all name each other as related: paths through them multiply."""
    LONG_BODIES = "long bodies"


@dataclass(frozen=True)
class Attack:
    """A hostile GraphQL request. `query` starts with `query ATTACK`."""

    name: str
    query: str
    variables: dict[str, object] = field(default_factory=dict)
    content: Content = Content.EXAMPLES
    times: int = 4
    """How often it has to be sent, each time in another query."""

    def body(self, number: int) -> bytes:
        """Return the body of the request; each number makes another query of the same cost."""
        query = self.query.replace(_QUERY, f"query Q{number}")
        # As text of one byte where possible: the body's limit is in bytes.
        return json.dumps(
            {"query": query, "variables": self.variables}, ensure_ascii=False
        ).encode()


def _aliases(field: str, count: int = 100) -> str:
    return " ".join(f"a{n}:{field}" for n in range(count))


_EVERYTHING: Final = """fragment F on Item{id title excerpt category type locale webUrl
publishedDateTime heat tags path extra provider{id name domain} topics{id name slug}
images{url width height} related{title webUrl provider{id name}}}"""


def _related(depth: int) -> str:
    return "related{item{" * depth + "title" + "}}" * depth


ATTACKS: Final = (
    Attack(
        "combining marks in a name",
        f"query ATTACK($n:String!){{{_aliases('topic(name:$n){id}')}}}",
        {"n": "a" + "\u0301\u0316" * 28_000},
    ),
    Attack(
        "combining marks in a short name, often",
        f"query ATTACK($n:String!){{{_aliases('topic(name:$n){id}')}}}",
        {"n": "a" + "\u0301\u0316" * 249},
    ),
    Attack(
        "a URL of 60,000 letters",
        f"query ATTACK($u:URL!){{{_aliases('item(url:$u){id}')}}}",
        {"u": "https://a.example/" + "é" * 60_000},
    ),
    Attack(
        "a host of 20,000 labels",
        f"query ATTACK($u:URL!){{{_aliases('item(url:$u){id}')}}}",
        {"u": "https://" + "éa." * 20_000 + "example/"},
    ),
    Attack(
        "a host of 600 labels",
        f"query ATTACK($u:URL!){{{_aliases('item(url:$u){id}')}}}",
        {"u": "https://" + "éa." * 600 + "example/"},
    ),
    Attack(
        "42,000 escapes in a URL",
        f"query ATTACK($u:URL!){{{_aliases('item(url:$u){id}')}}}",
        {"u": "https://a.example/" + "%61" * 39_000},
    ),
    Attack(
        "fifty long names in a filter",
        f"query ATTACK($f:ItemFilter){{{_aliases('items(filter:$f){totalCount}', 10)}}}",
        {"f": {"topics": ["a" + "\u0301\u0316" * 1_100 + str(n) for n in range(20)]}},
    ),
    Attack(
        "a long cursor",
        f"query ATTACK($c:String!){{{_aliases('items(after:$c){totalCount}')}}}",
        {"c": "A" * 100_000},
    ),
    Attack(
        "one field under many names, in many lists",
        "query ATTACK{"
        + _aliases("items(first:100){nodes{...F}}", 50)
        + "} fragment F on Item{"
        + _aliases("body", 49)
        + "}",
    ),
    Attack(
        "short values under long names, in many lists",
        "query ATTACK{"
        + _aliases("items(first:100){nodes{...F}}", 50)
        + "} fragment F on Item{"
        + " ".join(f"{'k' * 1_900}{n}:heat" for n in range(49))
        + "}",
    ),
    Attack(
        "a long body under many names",
        f"query ATTACK{{items(first:100){{nodes{{{_aliases('body', 10)}}}}}}}",
        content=Content.LONG_BODIES,
    ),
    Attack(
        "all long bodies",
        "query ATTACK{items(first:100){nodes{body}}}",
        content=Content.LONG_BODIES,
    ),
    Attack(
        "a plan of many fields",
        f"query ATTACK{{{_aliases('items(first:1){nodes{...F}}', 70)}}}{_EVERYTHING}",
        times=120,
    ),
    Attack(
        "related entries of related entries, four times",
        f'query ATTACK{{item(url:"https://d.example/0"){{{_related(4)}}}}}',
        content=Content.DIGESTS,
    ),
    Attack(
        "related entries of related entries, five times",
        f'query ATTACK{{item(url:"https://d.example/0"){{{_related(5)}}}}}',
        content=Content.DIGESTS,
    ),
    Attack(
        "ninety facets",
        f"query ATTACK{{{_aliases('items(first:0){facets{topics(first:1){count}}}', 90)}}}",
    ),
    Attack(
        "a hundred searches",
        f"query ATTACK($f:ItemFilter){{{_aliases('items(first:0,filter:$f){totalCount}')}}}",
        {"f": {"search": "harbour"}},
    ),
    Attack(
        "facets of thirty-nine lists",
        "query ATTACK{"
        + " ".join(
            f"a{n}:items(first:0,filter:{{minHeat:{n}}}){{facets{{topics(first:1){{count}}}}}}"
            for n in range(39)
        )
        + "}",
    ),
    Attack(
        "counts of ninety-eight lists with three filters",
        "query ATTACK{"
        + " ".join(
            f'a{n}:items(filter:{{hasImage:true,categories:["news"],minHeat:{n}}}){{totalCount}}'
            for n in range(98)
        )
        + "}",
    ),
    Attack(
        "fifty names of combining marks in a filter, often",
        f"query ATTACK($f:ItemFilter){{{_aliases('items(filter:$f){totalCount}')}}}",
        {"f": {"topics": ["a" + "\u0301\u0316" * 248 + str(n) for n in range(50)]}},
    ),
    Attack(
        "a URL of escapes at its limit",
        f"query ATTACK($u:URL!){{{_aliases('item(url:$u){id}')}}}",
        {"u": "https://a.example/" + "\U0001f600" * 2_000},
    ),
    Attack(
        "unknown input fields with long texts",
        "query ATTACK{items(filter:{"
        + ",".join(f'z{n}:"{"a" * 1_900}"' for n in range(50))
        + "}){totalCount}}",
    ),
    Attack(
        "unknown input fields",
        "query ATTACK{items(filter:{"
        + ",".join(f"z{n}:1" for n in range(1_320))
        + "}){totalCount}}",
    ),
    Attack(
        "unknown input fields and a long list",
        "query ATTACK{items(filter:{"
        + ",".join(f"z{n}:1" for n in range(102))
        + f",q:[{'1 ' * 3_500}]}}){{totalCount}}}}",
    ),
    Attack(
        "unknown input fields in a variable",
        "query ATTACK($f:ItemFilter){items(filter:$f){totalCount}}",
        {"f": {f"z{n}": 1 for n in range(9_000)}},
    ),
    Attack(
        "a long list in a variable",
        "query ATTACK($f:ItemFilter){items(filter:$f){totalCount}}",
        {"f": {"topics": [str(n) for n in range(14_000)]}},
    ),
    Attack(
        "values of the wrong type in a list",
        "query ATTACK($f:ItemFilter){items(filter:$f){totalCount}}",
        {"f": {"topics": [1] * 60_000}},
    ),
    Attack(
        "many ids",
        "query ATTACK($i:[ID!]!){" + _aliases("nodes(ids:$i){id}", 20) + "}",
        {"i": [f"item:{n:016x}" for n in range(500)]},
    ),
    Attack(
        "a long id",
        "query ATTACK($i:ID!){" + _aliases("node(id:$i){id}") + "}",
        {"i": "item:" + "a" * 100_000},
    ),
    Attack(
        "fields that conflict",
        "query ATTACK{" + " ".join(f"a:items(first:{n}){{totalCount}}" for n in range(300)) + "}",
    ),
    Attack(
        "fragments that spread each other twice",
        "query ATTACK{...F0}"
        + "".join(f"fragment F{n} on Query{{...F{n + 1} ...F{n + 1}}}" for n in range(200))
        + "fragment F200 on Query{items(first:1){totalCount}}",
    ),
    Attack(
        "names that the schema almost has",
        "query ATTACK{" + " ".join(f"itemz{n}" for n in range(900)) + "}",
    ),
)


def write(content: Content, folder: Path, size: int) -> None:
    """Write the files of a content; `size` is that of `LONG_BODIES`, in millions of characters.

    Those of `EXAMPLES` are in the repository already.
    """
    items = {Content.DIGESTS: _digests(), Content.LONG_BODIES: _long_bodies(size)}[content]
    for number, item in enumerate(items):
        (folder / f"{number}.json").write_bytes(orjson.dumps(item))


def _digests(size: int = 40) -> Iterator[dict[str, object]]:
    urls = [f"https://d.example/{n}" for n in range(size)]
    related = [{"title": f"Story {n}", "webUrl": url} for n, url in enumerate(urls)]
    for n, url in enumerate(urls):
        yield {"title": f"Digest {n}", "webUrl": url, "related": related}


def _long_bodies(size: int) -> Iterator[dict[str, object]]:
    for n in range(size):
        yield {
            "title": f"Story {n}",
            "webUrl": f"https://long.example/{n}",
            "body": "A long story. " * 71_428,
        }
