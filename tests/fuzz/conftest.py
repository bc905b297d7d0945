"""The real application over the example content, and the judge of its responses."""

from collections.abc import AsyncIterator, Iterator
from typing import Any, Protocol

import httpx
import orjson
import pytest
from pymongo import MongoClient

from api.app import create_app
from api.settings import load_settings
from schema.errors import ErrorCode
from store.audience import Audience
from store.reading.corpus_watch import CorpusWatch
from store.reading.fresh_search import FreshSearch
from store.reading.store import Store
from store.search.fields import PROJECTION
from store.search.index import SearchIndex
from store.search.interface import Place
from store.search.writer import IndexWriter
from tests.conftest import EDITOR_TOKEN
from tests.schema.stand_in import Fresh

CLIENT_ERRORS = {
    ErrorCode.BAD_USER_INPUT,
    ErrorCode.FORBIDDEN,
    ErrorCode.GRAPHQL_PARSE_FAILED,
    ErrorCode.GRAPHQL_VALIDATION_FAILED,
    ErrorCode.QUERY_TOO_EXPENSIVE,
}
INTERNALS = ("Traceback", 'File "', "site-packages", "pymongo", "bson", "$match", "<class", "0x")

Response = dict[str, Any]


class AskSafely(Protocol):
    """Sends a body as one audience, and returns the response after judging it.

    Fails for a malformed response, an error that is not the client's, a message that reveals
    internals, and an unpublished item in a response to the public.
    """

    async def __call__(self, audience: Audience, body: bytes) -> Response: ...


@pytest.fixture(scope="session")
def index(
    mongod: str, content: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SearchIndex]:
    """A search index of the content."""
    folder = tmp_path_factory.mktemp("index")
    with IndexWriter(folder) as writer, MongoClient[dict[str, Any]](mongod) as client:
        writer.replace(client[content].items.find({}, PROJECTION))
        writer.commit(Place(1))
    index = SearchIndex(folder)
    yield index
    index.close()


@pytest.fixture(scope="session")
async def application(
    mongod: str, content: str, index: SearchIndex
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application, whose responses are not cached."""
    settings = load_settings(audience=Audience.PUBLIC, editor_tokens=(EDITOR_TOKEN,), cache_mb=0)
    store = Store.connect(mongod, content, timeout_s=5)
    store.search_with(FreshSearch(index, Fresh()))
    app = create_app(settings, store, CorpusWatch(mongod, content))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://localhost"
        ) as client,
    ):
        yield client


@pytest.fixture(scope="session")
def hidden(mongod: str, content: str) -> set[str]:
    """The ids of the items that the public must not see, read from the database."""
    with MongoClient[dict[str, Any]](mongod) as client:
        found = {item["_id"] for item in client[content].items.find({"published": False})}
    assert found
    return found


@pytest.fixture
def ask_safely(application: httpx.AsyncClient, hidden: set[str]) -> AskSafely:
    async def post(audience: Audience, body: bytes) -> Response:
        headers = {"content-type": "application/json"}
        if audience is Audience.EDITOR:
            headers["authorization"] = f"Bearer {EDITOR_TOKEN}"
        response = await application.post("/graphql", content=body, headers=headers)
        assert response.status_code in (200, 400, 413), (body, response.text)
        result: Response = orjson.loads(response.content)
        assert result.keys() <= {"data", "errors", "extensions"}
        if response.status_code != 200 or "data" not in result:
            assert result["errors"]
        for error in result.get("errors", ()):
            assert error["extensions"]["code"] in CLIENT_ERRORS, (body, error)
            assert not [word for word in INTERNALS if word in error["message"]], (body, error)
        if audience is Audience.PUBLIC:
            assert not [id_ for id_ in hidden if id_ in response.text], body
        return result

    return post
