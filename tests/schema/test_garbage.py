"""What a request read goes with it: nothing waits for the garbage collector."""

import gc

import pytest

from tests.schema.newsroom import Newsroom, dated

pytestmark = pytest.mark.anyio

QUERY = """{ items(first: 3) { totalCount nodes {
  title images { url } provider { name items(first: 2) { nodes { id } } }
  topics { name } related { title item { title } provider { name } }
} } }"""


async def test_an_answered_request_leaves_no_cycles(newsroom: Newsroom) -> None:
    newsroom.put(*dated(3, provider="a.example", topics=["T"], related=["a"]))
    for _ in range(3):  # plans and connections are made, and stay
        await newsroom.ask(QUERY)
    gc.collect()
    gc.disable()
    try:
        for _ in range(10):
            await newsroom.ask(QUERY)
        assert gc.collect() < 10
    finally:
        gc.enable()
