"""Which valid queries are cached, and which of their costs."""

from graphql import parse

from schema.limits.cached_queries import MAX_COSTS, ParsedQuery, QueryCache
from schema.limits.cost import QueryCost


def query(text: str = "{a}") -> ParsedQuery:
    return ParsedQuery(text, parse(text))


def test_returns_the_same_query_for_the_same_text() -> None:
    cache, kept = QueryCache(), query()
    cache.put(kept)
    assert cache.get("{a}") is kept
    assert cache.get("{ a }") is None


def test_evicts_the_query_used_longest_ago() -> None:
    cache = QueryCache(max_queries=2)
    for text in ("{a}", "{b}"):
        cache.put(query(text))
    cache.get("{a}")
    cache.put(query("{c}"))
    assert cache.get("{a}")
    assert cache.get("{b}") is None
    assert len(cache) == 2


def test_is_bounded_in_the_number_of_queries() -> None:
    cache = QueryCache(max_queries=7)
    for number in range(20):
        cache.put(query(f"{{a{number}}}"))
    assert len(cache) == 7


def test_is_bounded_in_the_length_of_its_texts() -> None:
    cache = QueryCache(max_length=10)
    for letter in "abcdef":
        cache.put(query(f"{{{letter}}}"))
    assert len(cache) == 3


def test_ignores_a_query_that_is_longer_than_the_cache() -> None:
    cache = QueryCache(max_length=10)
    cache.put(query("{a}"))
    cache.put(query("{" + "a " * 10 + "}"))
    assert len(cache) == 1
    assert cache.get("{a}")


def test_counts_a_text_once() -> None:
    cache = QueryCache(max_length=6)
    for _ in range(3):
        cache.put(query("{a}"))
    cache.put(query("{b}"))
    assert len(cache) == 2


def test_keeps_costs_by_the_sizes_in_the_variables() -> None:
    kept = query("query($n:Int $c:String){a(first:$n after:$c)}")
    kept.keep_cost(None, {"n": 3, "c": "x"}, QueryCost(objects=3))
    assert kept.cost(None, {"n": 3, "c": "y"}) == QueryCost(objects=3)
    for other in ({"n": 4}, {"n": None}, {}, {"n": True}, {"n": "3"}):
        assert kept.cost(None, other) is None
    assert kept.cost("Other", {"n": 3}) is None


def test_keeps_a_bounded_number_of_costs() -> None:
    kept = query("query($n:Int){a(first:$n)}")
    for n in range(10 * MAX_COSTS):
        kept.keep_cost(None, {"n": n}, QueryCost(objects=n))
    known = [kept.cost(None, {"n": n}) for n in range(10 * MAX_COSTS)]
    assert 0 < sum(cost is not None for cost in known) <= MAX_COSTS
