"""Answers are kept while the corpus stands, within their bytes, and for their audience alone."""

import asyncio
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.graphql import cache as cache_module
from api.graphql.cache import ResponseCache, cache_key
from api.graphql.response import EncodedResult
from store.audience import Audience
from store.errors import Unavailable
from store.reading.store import Store

pytestmark = pytest.mark.anyio

TOKEN = "a-token-of-sixteen-characters"  # noqa: S105
COUNT = {"query": "{ count }"}


async def count(http, **headers) -> int:
    response = await http.post("/graphql", json=COUNT, headers=headers)
    return response.json()["data"]["count"]


async def test_an_answer_is_made_once_while_the_corpus_stands(client):
    http = client()
    assert [await count(http) for _ in range(3)] == [1, 1, 1]


async def test_no_cache_makes_every_answer_anew(client):
    http = client(cache_mb=0)
    assert [await count(http) for _ in range(3)] == [1, 2, 3]


async def test_a_change_of_the_corpus_shows_within_a_second(client, corpus):
    http = client()
    assert await count(http) == 1
    corpus.version += 1
    changed = time.monotonic()
    while await count(http) == 1:
        assert time.monotonic() - changed < 1
        await asyncio.sleep(0.02)
    assert await count(http) == 2


async def test_the_version_is_asked_for_at_most_twice_a_second_by_all_requests_together(
    client, corpus
):
    http = client()
    for _ in range(20):
        await asyncio.gather(*(count(http) for _ in range(20)))
    assert corpus.asked <= 3


async def test_an_idle_server_asks_nothing(client, corpus):
    http = client()
    await count(http)
    asked = corpus.asked
    await asyncio.sleep(1.2)
    assert corpus.asked == asked


async def test_while_the_version_cannot_be_known_nothing_comes_from_the_cache(client, corpus):
    http = client()
    assert await count(http) == 1
    corpus.fails = Unavailable("MongoDB does not answer.")
    await asyncio.sleep(cache_module.CHECK_EVERY_S)
    assert await count(http) == 2
    corpus.fails = None
    await asyncio.sleep(cache_module.CHECK_EVERY_S)
    assert await count(http) == 1  # the corpus did not change: neither did its answer


async def test_many_who_ask_the_same_at_once_wait_for_one_answer(client, calls):
    http = client()
    query = {"query": "{ count slow(seconds: 0.2) }"}
    answers = await asyncio.gather(*(http.post("/graphql", json=query) for _ in range(20)))
    assert {answer.json()["data"]["count"] for answer in answers} == {1}
    assert len(calls) == 1


async def test_who_asks_after_a_change_does_not_wait_for_an_answer_from_before(
    client, corpus, calls
):
    http = client()
    query = {"query": "{ count slow(seconds: 1) }"}
    first = asyncio.create_task(http.post("/graphql", json=query))
    await asyncio.sleep(0.1)
    corpus.version += 1
    await asyncio.sleep(cache_module.CHECK_EVERY_S)
    second = await http.post("/graphql", json=query)
    assert (await first).json()["data"]["count"] == 1
    assert second.json()["data"]["count"] == 2
    assert (await http.post("/graphql", json=query)).json() == second.json()


async def test_one_who_goes_away_does_not_take_the_answer_of_others_along(client, calls):
    http = client()
    query = {"query": "{ count slow(seconds: 0.3) }"}
    leader = asyncio.create_task(http.post("/graphql", json=query))
    await asyncio.sleep(0.1)
    waiting = asyncio.create_task(http.post("/graphql", json=query))
    await asyncio.sleep(0.1)
    leader.cancel()
    assert (await waiting).json()["data"]["count"] == 1


async def test_one_audience_never_gets_anothers_answer(client):
    http = client(audience=Audience.PUBLIC, editor_tokens=(TOKEN,))
    assert await count(http) == 1
    assert await count(http, authorization=f"Bearer {TOKEN}") == 2
    assert await count(http) == 1


async def test_variables_and_operation_names_make_other_answers(client, calls):
    http = client()
    query = "query A($x: Int) { count hello } query B($x: Int) { count hello }"
    for body in (
        {"operationName": "A"},
        {"operationName": "B"},
        {"operationName": "A", "variables": {"x": 1}},
        {"operationName": "A", "variables": {"x": 1.0}},
        {"operationName": "A", "extensions": {"cost": True}},
    ):
        await http.post("/graphql", json={"query": query, **body})
    made = len(calls)
    await http.post("/graphql", json={"query": query, "operationName": "B"})
    assert len(calls) == made


def test_the_order_of_variables_does_not_matter_and_their_types_do():
    def key(**variables):
        return cache_key(Audience.PUBLIC, "{ hello }", None, variables)

    assert key(a=1, b={"c": 2, "d": 3}) == key(b={"d": 3, "c": 2}, a=1)
    assert len({key(a=a) for a in ("1", 1, None, True, [1], {"a": 1})} | {key()}) == 7
    assert cache_key(Audience.PUBLIC, "q", "a", {}) != cache_key(Audience.EDITOR, "q", "a", {})


@pytest.mark.parametrize("query", ["{ count refused }", "{ count broken }", "{ nope }", "{"])
async def test_errors_are_never_kept(client, calls, query):
    http = client()
    for _ in range(2):
        response = await http.post("/graphql", json={"query": query})
        assert response.headers["cache-control"] == "no-store"
        assert "etag" not in response.headers
    assert len(calls) in (0, 2)


async def test_a_mutation_is_not_served_and_so_never_answered_from_memory(client):
    response = await client().post("/graphql", json={"query": "mutation { touch }"})
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert response.headers["cache-control"] == "no-store"


async def test_an_answer_that_is_still_the_same_is_304_for_get(client):
    for cache_mb in (0, 64):
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


async def test_post_has_the_same_etag_and_always_a_body(client):
    http = client()
    by_get = await http.get("/graphql", params={"query": "{ hello }"})
    by_post = await http.post(
        "/graphql", json={"query": "{ hello }"}, headers={"if-none-match": by_get.headers["etag"]}
    )
    assert by_post.status_code == 200
    assert by_post.headers["etag"] == by_get.headers["etag"]


async def test_what_editors_read_is_kept_nowhere_else(client):
    http = client(audience=Audience.PUBLIC, editor_tokens=(TOKEN,), max_age_s=30)
    public = await http.post("/graphql", json=COUNT)
    assert public.headers["cache-control"] == "public, max-age=30"
    editor = await http.post("/graphql", json=COUNT, headers={"authorization": f"Bearer {TOKEN}"})
    assert editor.headers["cache-control"] == "private, no-store"


steps = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 3000), st.integers(1, 3)), max_size=60
)


@given(steps)
async def test_the_cache_holds_what_was_put_for_this_version_within_its_bytes(steps):
    version = 1

    async def read() -> int:
        return version

    cache = ResponseCache(10_000, read)
    model: dict[bytes, EncodedResult] = {}
    for name, size, version in steps:
        cache._checked = float("-inf")
        now = await cache.version()
        assert now == version
        if cache.get(b"version", now) is None:
            model.clear()
            cache.put(b"version", now, EncodedResult(b""))
        key = str(name).encode()
        held = cache.get(key, now)
        assert held is None or held is model[key]
        if held is None:
            model[key] = EncodedResult(b"x" * size)
            cache.put(key, now, model[key])
        assert cache.get(key, version + 1) is None
        assert cache.bytes_held <= 10_000
        assert cache.bytes_held == sum(answer.size for answer in cache._answers.values())


async def test_a_giant_answer_does_not_drive_out_the_others():
    async def read() -> int:
        return 1

    cache = ResponseCache(100_000, read)
    version = await cache.version()
    cache.put(b"small", version, EncodedResult(b"x"))
    cache.put(b"giant", version, EncodedResult(b"x" * 90_000))
    assert cache.get(b"giant", version) is None
    assert cache.get(b"small", version)


async def test_the_version_of_a_real_corpus_ends_what_was_kept(mongod, database_name):
    store = Store.connect(mongod, database_name, timeout_s=5)

    async def read() -> int:
        return (await store.state())["version"]

    try:
        cache = ResponseCache(1_000_000, read)
        version = await cache.version()
        cache.put(b"key", version, EncodedResult(b"{}"))
        assert cache.get(b"key", await cache.version())
        await store._database["meta"].update_one(
            {"_id": "corpus"}, {"$inc": {"version": 1}}, upsert=True
        )
        await asyncio.sleep(cache_module.CHECK_EVERY_S)
        assert cache.get(b"key", await cache.version()) is None
    finally:
        await store.close()
