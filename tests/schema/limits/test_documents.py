"""The cache of valid documents."""

from graphql import parse

from schema.limits.cached_queries import MAX_PRICES, CachedQuery, QueryCache
from schema.limits.cost import DocumentCost
from schema.limits.outline import outline


def document(text: str = "{a}") -> CachedQuery:
    node = parse(text)
    return CachedQuery(node, outline(node))


def test_gives_the_same_document_for_the_same_text():
    documents, kept = QueryCache(), document()
    documents.keep("{a}", kept)
    assert documents.get("{a}") is kept
    assert documents.get("{ a }") is None


def test_drops_the_document_used_longest_ago():
    documents = QueryCache(max_documents=2)
    for text in ("{a}", "{b}"):
        documents.keep(text, document(text))
    documents.get("{a}")
    documents.keep("{c}", document("{c}"))
    assert documents.get("{b}") is None
    assert len(documents) == 2


def test_is_bounded_in_the_length_of_its_texts():
    documents = QueryCache(max_length=10)
    for letter in "abcdef":
        documents.keep(f"{{{letter}}}", document())
    assert len(documents) == 3
    documents.keep("{" + "a " * 10 + "}", document())
    assert len(documents) == 0


def test_keeps_a_text_once():
    documents = QueryCache(max_length=6)
    for _ in range(3):
        documents.keep("{a}", document())
    documents.keep("{b}", document())
    assert len(documents) == 2


def test_keeps_prices_by_the_sizes_in_the_variables():
    kept = document("query($n:Int $c:String){a(first:$n after:$c)}")
    kept.keep_price(None, {"n": 3, "c": "x"}, DocumentCost(cost=3))
    assert kept.price(None, {"n": 3, "c": "y"}) == DocumentCost(cost=3)
    for other in ({"n": 4}, {"n": None}, {}, {"n": True}, {"n": "3"}):
        assert kept.price(None, other) is None
    assert kept.price("Other", {"n": 3}) is None


def test_keeps_few_prices():
    kept = document("query($n:Int){a(first:$n)}")
    for n in range(10 * MAX_PRICES):
        kept.keep_price(None, {"n": n}, DocumentCost(cost=n))
    assert sum(kept.price(None, {"n": n}) is not None for n in range(10 * MAX_PRICES)) <= MAX_PRICES
