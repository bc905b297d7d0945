"""Each attack of the corpus against the real application: bounded work, bounded bytes.

Covers `schema/limits`, `schema/execution` and `api/graphql` together.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import orjson
import pytest

from api.app import create_app
from api.settings import load_settings
from loaders.load import load
from loaders.options import Options
from store.audience import Audience
from store.reading.corpus_watch import CorpusWatch
from store.reading.store import Store
from tests.attacks.corpus import ATTACKS, Attack, Content, write
from tests.attacks.loop import longest_turn

# It takes under 50 ms alone. Here the code also runs under coverage, and
# on machines of any speed; what grows with its input takes many times as long.
LONGEST_TURN_S = 0.25
LARGEST_RESPONSE = 17 * 2**20  # NEWSGRAPH_MAX_RESPONSE_MB, and room for the errors
LONG_BODIES = 24

# A refused request cancels its calls, and PyMongo leaves the socket of a connection that it is just
# opening to the garbage collector.
pytestmark = [
    pytest.mark.anyio,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="session")
def databases(
    mongod: str, content: str, tmp_path_factory: pytest.TempPathFactory
) -> dict[Content, str]:
    """The names of the databases that hold each content."""
    names = {Content.EXAMPLES: content}
    for other in (Content.DIGESTS, Content.LONG_BODIES):
        folder = tmp_path_factory.mktemp("attacked")
        write(other, folder, LONG_BODIES)
        names[other] = f"attacked_{other.name.lower()}"
        report = load([str(folder)], uri=mongod, database=names[other], options=Options())
        assert not report.failed
    return names


@asynccontextmanager
async def client_of(mongod: str, database: str) -> AsyncIterator[httpx.AsyncClient]:
    settings = load_settings(audience=Audience.PUBLIC)
    store = Store.connect(mongod, database, timeout_s=5)
    app = create_app(settings, store, CorpusWatch(mongod, database))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://localhost"
        ) as client,
    ):
        # What the first request makes for all others is not the attack's work.
        await client.post("/graphql", json={"query": "{ items(first: 1) { nodes { id } } }"})
        yield client


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
async def test_an_attack_gets_a_bounded_response_from_bounded_work(
    attack: Attack, mongod: str, databases: dict[Content, str]
) -> None:
    async with client_of(mongod, databases[attack.content]) as client:
        headers = {"content-type": "application/json"}
        with longest_turn() as longest:
            response = await client.post("/graphql", content=attack.body(0), headers=headers)
    assert longest.seconds < LONGEST_TURN_S
    assert len(response.content) < LARGEST_RESPONSE
    assert response.status_code < 500 or response.status_code == 504
    assert orjson.loads(response.content).keys() <= {"data", "errors", "extensions"}
