"""What `benchmarks.searching` asks: the rows of its table."""

import itertools
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from benchmarks.searched_corpus import classes, document

PAGE: Final = """query($filter: ItemFilter, $order: ItemOrder! = NEWEST, $after: String) {
  items(filter: $filter, orderBy: $order, first: 20, after: $after) {
    nodes { id title excerpt } pageInfo { hasNextPage endCursor } } }"""
_COUNT = "query($filter: ItemFilter) { items(filter: $filter) { totalCount } }"
_FACETS = """query($filter: ItemFilter) { items(filter: $filter) { facets {
  categories { count } types { count } topics { count }
  providers { count } months { count } } } }"""
_SUGGEST = "query($prefix: String!) { suggest(prefix: $prefix, first: 10) { __typename } }"


class Kind(NamedTuple):
    """A row: a query, and variables that are sent in turn; or one, and the page that is read."""

    name: str
    query: str
    variables: list[dict[str, Any]]
    page: int = 1


def kinds(size: int) -> Iterator[Kind]:
    """Yield the rows; the words are those of a corpus of a size."""
    rare, mid, common = classes(size)
    two = [f"{one} {other}" for one, other in itertools.permutations(common, 2)]
    middling = [f"{one} {other}" for one, other in itertools.pairwise(mid)]
    mixed = [f"{one} {other}" for one, other in zip(itertools.cycle(common), mid, strict=False)]
    phrases = [f'"{" ".join(document(n)["excerpt"].split()[3:6])}"' for n in range(100)]

    def page(name: str, searches: Sequence[str], order: str = "NEWEST", **more: Any) -> Kind:
        filters = [{"filter": {"search": text, **more}, "order": order} for text in searches]
        return Kind(name, PAGE, filters)

    def on(name: str, query: str, searches: Sequence[str]) -> Kind:
        return Kind(name, query, [{"filter": {"search": text}} for text in searches])

    yield page("rare, NEWEST", rare)
    yield page("mid, NEWEST", mid)
    yield page("common, NEWEST", common)
    yield page("common, RELEVANCE", common, "RELEVANCE")
    yield page("common + common, NEWEST", two)
    yield page("common + rare, NEWEST", [f"{common[0]} {word}" for word in rare])
    yield page("common + mid, NEWEST", mixed)
    yield page("mid + mid, NEWEST", middling)
    yield page("common + mid, RELEVANCE", mixed, "RELEVANCE")
    yield page("phrase out of an excerpt, NEWEST", phrases)
    yield page("two common words side by side", [f'"{text}"' for text in two])
    yield page("common + big category, NEWEST", common, categories=["news"])
    yield page("common + provider, NEWEST", common, providers=["paper1.example"])
    month = {"publishedAfter": "2024-03-01T00:00:00Z", "publishedBefore": "2024-04-01T00:00:00Z"}
    yield page("common + one month, NEWEST", common, **month)
    yield page("mid + small category, NEWEST", mid, categories=["opinion"])
    yield page("common, HOTTEST", common, "HOTTEST")
    yield page("typo of one edit, NEWEST", [_with_typo(text) for text in mid])
    yield page("beginning of a word, NEWEST", [text[:3] for text in mid])
    yield on("common, count", _COUNT, common)
    yield on("common + common, count", _COUNT, two)
    yield on("common, five facets", _FACETS, common)
    yield on("common + mid, five facets", _FACETS, mixed)
    both = {"categories": ["news"], "types": ["article"]}
    yield Kind("category and type, count", _COUNT, [{"filter": both}])
    yield Kind("category and type, five facets", _FACETS, [{"filter": both}])
    yield Kind("everything, count", _COUNT, [{"filter": {}}])
    yield Kind("everything, five facets", _FACETS, [{"filter": {}}])
    two_labels = {"filter": {**both, "providers": ["paper390.example"]}, "order": "BEST"}
    yield Kind("three labels, BEST", PAGE, [two_labels])
    for order in ("NEWEST", "RELEVANCE"):
        yield page(f"common, {order}, page 50", common[:1], order)._replace(page=50)
    yield Kind("suggest, 3 letters", _SUGGEST, [{"prefix": text[:3]} for text in mid])


def _with_typo(word: str) -> str:
    """Return a word with two letters swapped, which are different in these words."""
    return f"{word[0]}{word[2]}{word[1]}{word[3:]}"
