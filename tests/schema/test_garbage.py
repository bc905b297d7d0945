"""The memory of a request (`schema.context`) is freed without the garbage collector."""

import gc

import pytest

from tests.schema.newsroom import Newsroom, dated

pytestmark = pytest.mark.anyio

QUERY = """{ items(first: 3) { totalCount nodes {
  title images { url } provider { name items(first: 2) { nodes { id } } }
  topics { name } related { title item { title } provider { name } }
} } }"""


async def test_a_request_leaves_no_reference_cycles(newsroom: Newsroom) -> None:
    newsroom.put(*dated(3, provider="a.example", topics=["T"], related=["a"]))
    for _ in range(3):  # plans and clients' sockets stay
        await newsroom.ask(QUERY)
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        for _ in range(10):
            await newsroom.ask(QUERY)
        gc.collect()
        # PyMongo's monitors leave cycles of their own, more of them on a busy machine.
        packages = {type(garbage).__module__.partition(".")[0] for garbage in gc.garbage}
        assert not packages & {"schema", "store", "strawberry", "graphql"}
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()
