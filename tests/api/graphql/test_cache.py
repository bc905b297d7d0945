"""Responses are kept while the corpus is unchanged, within their bytes, for their audience only."""

import asyncio
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.graphql.cache import ResponseCache, cache_key
from api.graphql.response import EncodedResult
from loaders.load import load
from loaders.options import Options
from store.audience import Audience
from store.errors import Unavailable
from tests.api.conftest import ClientFactory, Corpus
from tests.api.servers import Start, ask, until
from tests.loaders.conftest import write

pytestmark = pytest.mark.anyio

TOKEN = "a-token-of-sixteen-characters"  # noqa: S105
COUNT = {"query": "{ count }"}


async def count(http: httpx.AsyncClient, **headers: str) -> int:
    response = await http.post("/graphql", json=COUNT, headers=headers)
    number: int = response.json()["data"]["count"]
    return number


@pytest.fixture
def cache(corpus: Corpus) -> ResponseCache:
    """A cache whose corpus the test changes."""
    return ResponseCache(1_000_000, corpus.current_version, lambda: corpus.has_primary)


async def test_a_query_is_executed_once_while_the_corpus_is_unchanged(
    client: ClientFactory,
) -> None:
    http = client()
    assert [await count(http) for _ in range(3)] == [1, 1, 1]


async def test_without_a_cache_every_request_is_executed(client: ClientFactory) -> None:
    http = client(cache_mb=0)
    assert [await count(http) for _ in range(3)] == [1, 2, 3]


async def test_a_change_of_the_corpus_drops_what_was_kept(
    cache: ResponseCache, corpus: Corpus
) -> None:
    cache.put(b"key", cache.version(), answer := EncodedResult(b"{}"))
    assert cache.get(b"key", cache.version()) is answer
    corpus.version += 1
    assert cache.version() == 2
    assert cache.get(b"key", 2) is None
    assert cache.get(b"key", 1) is None


async def test_nothing_that_a_secondary_returned_is_kept(
    cache: ResponseCache, corpus: Corpus
) -> None:
    version = cache.version()
    corpus.has_primary = False
    cache.put(b"key", version, EncodedResult(b"{}"))
    corpus.has_primary = True
    assert cache.get(b"key", version) is None


async def test_nothing_comes_from_the_cache_while_the_version_is_unknown(
    cache: ResponseCache, corpus: Corpus
) -> None:
    cache.put(b"key", cache.version(), answer := EncodedResult(b"{}"))
    corpus.fails = Unavailable("MongoDB does not answer.")
    version = cache.version()
    assert version is None
    assert cache.get(b"key", version) is None
    made, was_kept = await cache.get_or_make(b"key", version, lambda: _make(b"fresh"))
    assert (made.body, was_kept) == (b"fresh", False)
    corpus.fails = None
    # The corpus did not change, so its responses are still valid.
    assert cache.get(b"key", cache.version()) is answer


async def _make(body: bytes) -> EncodedResult:
    return EncodedResult(body)


async def test_concurrent_requests_for_the_same_query_share_one_execution(
    client: ClientFactory, calls: list[str], held: asyncio.Event
) -> None:
    http = client()
    query = {"query": "{ count held }"}
    requests = [asyncio.create_task(http.post("/graphql", json=query)) for _ in range(20)]
    await asyncio.sleep(0.5)
    held.set()
    answers = await asyncio.gather(*requests)
    assert {answer.json()["data"]["count"] for answer in answers} == {1}
    assert len(calls) == 1


async def test_a_request_after_a_change_does_not_wait_for_an_execution_from_before(
    cache: ResponseCache, corpus: Corpus
) -> None:
    finish = asyncio.Event()

    async def make_old() -> EncodedResult:
        await finish.wait()
        return EncodedResult(b"old")

    before = cache.version()
    first = asyncio.create_task(cache.get_or_make(b"key", before, make_old))
    await asyncio.sleep(0)
    corpus.version += 1
    after = cache.version()
    assert await cache.get_or_make(b"key", after, lambda: _make(b"new")) == (
        EncodedResult(b"new"),
        False,
    )
    finish.set()
    assert await first == (EncodedResult(b"old"), False)
    kept = cache.get(b"key", after)
    assert kept is not None
    assert kept.body == b"new"


async def test_a_client_that_disconnects_does_not_cancel_the_execution_of_others(
    client: ClientFactory, calls: list[str], held: asyncio.Event
) -> None:
    http = client()
    query = {"query": "{ count held }"}
    leader = asyncio.create_task(http.post("/graphql", json=query))
    while not calls:  # noqa: ASYNC110 (it has no event)
        await asyncio.sleep(0.01)
    waiting = asyncio.create_task(http.post("/graphql", json=query))
    await asyncio.sleep(0.5)
    leader.cancel()
    held.set()
    assert (await waiting).json()["data"]["count"] == 1


async def test_audiences_do_not_share_responses(client: ClientFactory) -> None:
    http = client(audience=Audience.PUBLIC, editor_tokens=(TOKEN,))
    assert await count(http) == 1
    assert await count(http, authorization=f"Bearer {TOKEN}") == 2
    assert await count(http) == 1


async def test_variables_and_operation_names_are_part_of_the_key(
    client: ClientFactory, calls: list[str]
) -> None:
    http = client()
    query = "query A($x: Int) { count long(size: $x) } query B { count }"
    bodies: list[dict[str, object]] = [
        {"operationName": "A"},
        {"operationName": "B"},
        {"operationName": "A", "variables": {"x": 1}},
        {"operationName": "A", "variables": {"x": 1.0}},
        {"operationName": "A", "extensions": {"cost": True}},
    ]
    for body in bodies:
        await http.post("/graphql", json={"query": query, **body})
    assert len(calls) == len(bodies)
    await http.post("/graphql", json={"query": query, "operationName": "B"})
    assert len(calls) == len(bodies)


def test_the_order_of_variables_does_not_matter_but_their_types_do() -> None:
    def key(**variables: object) -> bytes | None:
        return cache_key(Audience.PUBLIC, None, "{ hello }", None, variables)

    assert key(a=1, b={"c": 2, "d": 3}) == key(b={"d": 3, "c": 2}, a=1)
    values: list[object] = ["1", 1, None, True, [1], {"a": 1}]
    assert len({key(a=a) for a in values} | {key()}) == 7
    made = cache_key(Audience.PUBLIC, None, "q", "a", {})
    assert made != cache_key(Audience.EDITOR, None, "q", "a", {})
    assert made != cache_key(Audience.PUBLIC, "http://a.example", "q", "a", {})


def test_variables_nested_too_deeply_for_the_encoder_have_no_key() -> None:
    nested: list[object] = []
    for _ in range(1000):
        nested = [nested]
    assert cache_key(Audience.PUBLIC, None, "{ hello }", None, {"a": nested}) is None


async def test_an_operation_without_a_key_is_executed_each_time(cache: ResponseCache) -> None:
    version = cache.version()
    for body in (b"first", b"second"):
        answer, was_kept = await cache.get_or_make(None, version, lambda body=body: _make(body))  # type: ignore[misc]
        assert (answer.body, was_kept) == (body, False)


@pytest.mark.parametrize("query", ["{ count refused }", "{ count broken }", "{ nope }", "{"])
async def test_errors_are_never_kept(client: ClientFactory, calls: list[str], query: str) -> None:
    http = client()
    for _ in range(2):
        response = await http.post("/graphql", json={"query": query})
        assert response.headers["cache-control"] == "no-store"
        assert "etag" not in response.headers
    assert len(calls) in (0, 2)


async def test_a_mutation_is_refused_and_not_kept(client: ClientFactory) -> None:
    response = await client().post("/graphql", json={"query": "mutation { touch }"})
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("cache_mb", [0, 64])
async def test_an_unchanged_response_to_get_is_304(client: ClientFactory, cache_mb: int) -> None:
    http = client(audience=Audience.PUBLIC, cache_mb=cache_mb)
    first = await http.get("/graphql", params={"query": "{ hello }"})
    etag = first.headers["etag"]
    assert first.headers["cache-control"] == "public, max-age=0"
    for sent in (etag, f'"other", {etag}', "*", etag.removeprefix("W/")):
        again = await http.get(
            "/graphql", params={"query": "{ hello }"}, headers={"if-none-match": sent}
        )
        assert again.status_code == 304
        assert again.content == b""
        assert again.headers["etag"] == etag
        assert "Authorization" in again.headers["vary"]
    other = await http.get(
        "/graphql", params={"query": "{ audience }"}, headers={"if-none-match": etag}
    )
    assert other.status_code == 200


async def test_post_has_the_same_etag_and_always_a_body(client: ClientFactory) -> None:
    http = client()
    by_get = await http.get("/graphql", params={"query": "{ hello }"})
    by_post = await http.post(
        "/graphql", json={"query": "{ hello }"}, headers={"if-none-match": by_get.headers["etag"]}
    )
    assert by_post.status_code == 200
    assert by_post.headers["etag"] == by_get.headers["etag"]


async def test_responses_to_editors_must_not_be_stored_by_browsers_or_proxies(
    client: ClientFactory,
) -> None:
    http = client(audience=Audience.PUBLIC, editor_tokens=(TOKEN,), max_age_s=30)
    public = await http.post("/graphql", json=COUNT)
    assert public.headers["cache-control"] == "public, max-age=30"
    editor = await http.post("/graphql", json=COUNT, headers={"authorization": f"Bearer {TOKEN}"})
    assert editor.headers["cache-control"] == "private, no-store"


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 3000), st.integers(1, 3)), max_size=60)
)
async def test_the_cache_holds_what_was_put_for_this_version_within_its_bytes(
    steps: list[tuple[int, int, int]],
) -> None:
    corpus = Corpus()
    cache = ResponseCache(10_000, corpus.current_version)
    model: dict[bytes, EncodedResult] = {}
    for name, size, corpus.version in steps:
        version = cache.version()
        assert version == corpus.version
        if cache.get(b"version", version) is None:
            model.clear()
            cache.put(b"version", version, EncodedResult(b""))
        key = str(name).encode()
        kept = cache.get(key, version)
        assert kept is None or kept is model[key]
        if kept is None:
            model[key] = EncodedResult(b"x" * size)
            cache.put(key, version, model[key])
        assert cache.get(key, version + 1) is None
        all_kept = [kept for key in model if (kept := cache.get(key, version))]
        assert sum(answer.size for answer in all_kept) <= 10_000


async def test_the_least_recently_used_response_is_dropped_first(corpus: Corpus) -> None:
    size = EncodedResult(b"").size
    cache = ResponseCache(size * 4, corpus.current_version)
    version = cache.version()
    for key in (b"a", b"b", b"c", b"d"):
        cache.put(key, version, EncodedResult(b""))
    assert cache.get(b"a", version)
    cache.put(b"e", version, EncodedResult(b""))
    assert [key for key in (b"a", b"b", b"c", b"d", b"e") if cache.get(key, version)] == [
        b"a", b"c", b"d", b"e",
    ]  # fmt: skip


async def test_a_giant_response_does_not_evict_the_others(corpus: Corpus) -> None:
    cache = ResponseCache(100_000, corpus.current_version)
    version = cache.version()
    cache.put(b"small", version, EncodedResult(b"x"))
    cache.put(b"giant", version, EncodedResult(b"x" * 90_000))
    assert cache.get(b"giant", version) is None
    assert cache.get(b"small", version)


def test_a_load_shows_in_the_cached_responses_of_all_workers(
    serve: Start, mongod: str, database_name: str, tmp_path: Path
) -> None:
    """On a new connection each time, so that both workers are asked."""
    query = "{ items { nodes { title } } }"

    def load_title(title: str) -> None:
        text = f"---\ntitle: {title}\nwebUrl: https://example.com/a\n---\n"
        write(tmp_path / "news/a.md", text)
        report = load(
            [str(tmp_path / "news")], uri=mongod, database=database_name, options=Options(jobs=1)
        )
        assert not report.failed

    def titles() -> set[str]:
        answers = [ask(url, query) for _ in range(8)]
        return {answer["data"]["items"]["nodes"][0]["title"] for answer in answers}

    load_title("Before")
    _, url = serve("--workers", "2")
    assert titles() == {"Before"}
    load_title("After")
    until(lambda: titles() == {"After"})
