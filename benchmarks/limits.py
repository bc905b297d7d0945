"""Time the guard on cached queries, on new ones, and on attacks.

Run `python -m benchmarks.limits`. Each line has the median and the worst time of a few runs, and
the result: the query's cost, or its last error. "pricing" is without parsing and validation.
"""

import time
from collections.abc import Callable
from functools import partial
from statistics import median

from graphql import build_schema, get_introspection_query, parse

from benchmarks.stopping import until_stopped
from schema.limits.cached_queries import QueryCache
from schema.limits.guard import QueryGuard
from schema.limits.limits import Limits
from schema.limits.outline import read_outline
from schema.limits.pricing import Pricing, TooManySelections
from schema.limits.sizes import Sizes

SCHEMA = build_schema("""
  type Query { item: Item items(first: Int): Items! }
  type Items { edges: [Edge!]! nodes: [Item!]! totalCount: Int! }
  type Edge { node: Item! }
  type Item { id: ID! title: String a: Item b: Item related(first: Int): [Item!]!
              items(first: Int): Items! }
""")

PAGE = """
query Page($first: Int = 20, $related: Int, $body: Boolean = false) {
  items(first: $first) {
    edges { node { ...Card related(first: $related) { ...Card a { ...Card } } } }
    totalCount
  }
}
fragment Card on Item { id title @include(if: $body) b { id title } }
"""


def chain(length: int, link: str) -> str:
    """Return fragments that each spread the next one by `link`, in which NEXT is its name."""
    fragments = "".join(
        f"fragment F{i} on Item{{{link.replace('NEXT', f'F{i + 1}')}}}" for i in range(length)
    )
    return f"{{item{{...F0}}}}{fragments}fragment F{length} on Item{{id}}"


def subsets(levels: int, width: int) -> str:
    """Return fragments whose merged selections differ at each position of the response."""
    fragments = "".join(
        f"fragment F{i}_{j} on Item{{"
        + "".join(
            f"{field}{{...F{i + 1}_{(j + n) % width} ...F{i + 1}_{j}}}" for n, field in FIELDS
        )
        + "}"
        for i in range(levels)
        for j in range(width)
    )
    last = "".join(f"fragment F{levels}_{j} on Item{{id}}" for j in range(width))
    return f"{{item{{...F0_0}}}}{fragments}{last}"


FIELDS = ((1, "a"), (3, "b"))

ATTACKS = {
    "2,000 repeated fields": "{item{" + "title " * 2_000 + "}}",
    "2,000 aliases": "{item{" + "".join(f"a{i}:title " for i in range(2_000)) + "}}",
    "20,000 comments": "#\n" * 20_000 + "{item{id}}",
    "20,000 nested braces": "{a" * 20_000,
    "20,000 nested brackets": "{a(x:" + "[" * 20_000,
    "1,900 directives": "{item{id" + "@x" * 1_900 + "}}",
    "50,000 digits": "{items(first:" + "9" * 50_000 + "){totalCount}}",
    "fragments spread twice": chain(25, "...NEXT ...NEXT"),
    "fragments in two fields": chain(25, "a{...NEXT} b{...NEXT}"),
    "merged subsets of fragments": subsets(10, 10),
    "overlapping fragments": "{"
    + "".join(f"...F{i} " for i in range(99))
    + "}"
    + "".join(f"fragment F{i} on Query{{item{{a{{id x{i}:id}}}}}}" for i in range(99)),
    "overlapping arguments": "{item{"
    + "".join(f"items(first:{i}){{totalCount}}" for i in range(440))
    + "}}",
    "introspection in itself": "{__schema{types{"
    + "".join(f"a{i}:fields{{type{{fields{{type{{name}}}}}}}}" for i in range(90))
    + "}}}",
}


def timed(run: Callable[[], str], times: int) -> tuple[float, float, str]:
    """Return the median and the longest CPU time in seconds, and the last result."""
    seconds: list[float] = []
    result = ""
    for _ in range(times):
        start = time.thread_time()
        result = run()
        seconds.append(time.thread_time() - start)
    return median(seconds), max(seconds), result


def check(guard: QueryGuard, text: str, **variables: object) -> str:
    """Check a query; return its cost, or its last error."""
    checked = guard.check(text, None, variables)
    return checked.errors[-1].message if checked.errors else f"{checked.cost}"


def pricing_of(sizes: Sizes, text: str) -> Callable[[], str]:
    """Parse a query, and return a function that prices it."""
    outline = read_outline(parse(text))

    def price() -> str:
        try:
            return f"{Pricing(sizes, outline, outline.operations[0], {}).cost}"
        except TooManySelections:
            return "too many selections"

    return price


def main() -> None:
    """Print a row for each query."""

    def line(name: str, figures: tuple[float, float, str]) -> None:
        middle, worst, result = figures
        print(f"| {name} | {middle * 1e3:.3f} | {worst * 1e3:.3f} | {result} |")

    guard = QueryGuard(SCHEMA, Limits())
    variables = {"first": 10, "related": 2, "body": True}
    check(guard, PAGE, **variables)
    sizes = iter(range(10**9))
    print("| query | median ms | worst ms | result |\n|---|--:|--:|---|")
    line("cached, with its cost", timed(lambda: check(guard, PAGE, **variables), 10_000))
    line(
        "cached, other sizes",
        timed(lambda: check(guard, PAGE, first=next(sizes) % 3, related=-next(sizes)), 1_000),
    )
    uncached = QueryGuard(SCHEMA, Limits(), cache=QueryCache(max_length=0))
    for name, text in {"page": PAGE, "introspection": get_introspection_query(), **ATTACKS}.items():
        line(name, timed(partial(check, uncached, text), 5))
    sizes_of = Sizes(SCHEMA, Limits())
    for name in (
        "fragments spread twice",
        "fragments in two fields",
        "merged subsets of fragments",
    ):
        line(f"{name}, pricing", timed(pricing_of(sizes_of, ATTACKS[name]), 5))


if __name__ == "__main__":
    with until_stopped():
        main()
