"""Time the gate on documents that it knows, on new ones, and on attacks.

Run `python -m benchmarks.limits`. Each line has the median and the worst of a few runs, and what
came of the document. "priced" is pricing alone, without parsing and validation.
"""

import time
from collections.abc import Callable
from functools import partial
from statistics import median

from graphql import GraphQLError, build_schema, get_introspection_query, parse

from schema.limits.cached_queries import QueryCache
from schema.limits.cost import Pricing, TooManySelections
from schema.limits.guard import QueryGuard
from schema.limits.limits import Limits
from schema.limits.outline import outline
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
    """Write fragments that spread the next one as `link` says, with NEXT for its name."""
    fragments = "".join(
        f"fragment F{i} on Item{{{link.replace('NEXT', f'F{i + 1}')}}}" for i in range(length)
    )
    return f"{{item{{...F0}}}}{fragments}fragment F{length} on Item{{id}}"


def subsets(levels: int, width: int) -> str:
    """Write fragments whose merged selections differ at each place of the response."""
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
    """Give the median and the longest CPU time in seconds, and what came of it."""
    seconds: list[float] = []
    outcome = ""
    for _ in range(times):
        start = time.thread_time()
        outcome = run()
        seconds.append(time.thread_time() - start)
    return median(seconds), max(seconds), outcome


def outcome(gate: QueryGuard, text: str, **variables: object) -> str:
    """Try a document, and say what came of it."""
    try:
        admission = gate.check(text, None, variables)
    except GraphQLError as error:
        return error.message
    return admission.errors[-1].message if admission.errors else f"{admission.cost}"


def priced(sizes: Sizes, text: str) -> Callable[[], str]:
    """Parse a document, and give a function that prices it."""
    document = outline(parse(text))

    def price() -> str:
        try:
            return f"{Pricing(sizes, document, document.operations[0], {}).cost}"
        except TooManySelections:
            return "too many selections"

    return price


def main() -> None:
    """Print a row for each document."""

    def line(name: str, figures: tuple[float, float, str]) -> None:
        middle, worst, what = figures
        print(f"| {name} | {middle * 1e3:.3f} | {worst * 1e3:.3f} | {what} |")

    known = QueryGuard(SCHEMA, Limits())
    variables = {"first": 10, "related": 2, "body": True}
    outcome(known, PAGE, **variables)
    sizes = iter(range(10**9))
    print("| document | median ms | worst ms | what came of it |\n|---|--:|--:|---|")
    line("known, known sizes", timed(lambda: outcome(known, PAGE, **variables), 10_000))
    line(
        "known, new sizes",
        timed(lambda: outcome(known, PAGE, first=next(sizes) % 3, related=-next(sizes)), 1_000),
    )
    forgetful = QueryGuard(SCHEMA, Limits(), documents=QueryCache(max_documents=0))
    for name, text in {"page": PAGE, "introspection": get_introspection_query(), **ATTACKS}.items():
        line(name, timed(partial(outcome, forgetful, text), 5))
    sizes_of = Sizes(SCHEMA, Limits())
    for name in (
        "fragments spread twice",
        "fragments in two fields",
        "merged subsets of fragments",
    ):
        line(f"{name}, priced", timed(priced(sizes_of, ATTACKS[name]), 5))


if __name__ == "__main__":
    main()
