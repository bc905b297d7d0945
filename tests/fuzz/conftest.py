"""The real application over the example content, asked by both audiences, and its judge."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import orjson
import pytest
from pymongo import MongoClient

from api.app import create_app
from api.settings import Settings
from schema.errors import ErrorCode
from store.audience import Audience
from store.reading.store import Store
from tests.conftest import EDITOR_TOKEN

OF_THE_CALLER = {
    ErrorCode.BAD_USER_INPUT,
    ErrorCode.FORBIDDEN,
    ErrorCode.GRAPHQL_PARSE_FAILED,
    ErrorCode.GRAPHQL_VALIDATION_FAILED,
    ErrorCode.QUERY_TOO_EXPENSIVE,
}
INSIDE = ("Traceback", 'File "', "site-packages", "pymongo", "bson", "$match", "<class", "0x")

Answer = dict[str, Any]


@pytest.fixture(scope="session")
async def application(mongod: str, content: str) -> AsyncIterator[httpx.AsyncClient]:
    """The application, with limits that a test of its arguments does not meet."""
    settings = Settings(audience=Audience.PUBLIC, editor_tokens=(EDITOR_TOKEN,), cache_mb=0)
    store = Store.connect(mongod, content, timeout_s=5)
    transport = httpx.ASGITransport(create_app(settings, store))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client
    await store.close()


@pytest.fixture(scope="session")
def hidden(mongod: str, content: str) -> set[str]:
    """The ids of the items that the public must not see, as the database has them."""
    with MongoClient[dict[str, Any]](mongod) as client:
        found = {item["_id"] for item in client[content].items.find({"published": False})}
    assert found
    return found


@pytest.fixture
def ask(application: httpx.AsyncClient, hidden: set[str]) -> Callable[..., Any]:
    """`await ask(audience, body)` gives the answer to a body, which is well-formed and no leak."""

    async def post(audience: Audience, body: bytes) -> Answer:
        headers = {"content-type": "application/json"}
        if audience is Audience.EDITOR:
            headers["authorization"] = f"Bearer {EDITOR_TOKEN}"
        response = await application.post("/graphql", content=body, headers=headers)
        assert response.status_code in (200, 400, 413), (body, response.text)
        answer: Answer = orjson.loads(response.content)
        assert answer.keys() <= {"data", "errors", "extensions"}
        if response.status_code != 200 or "data" not in answer:
            assert answer["errors"]
        for error in answer.get("errors", ()):
            assert error["extensions"]["code"] in OF_THE_CALLER, (body, error)
            assert not [word for word in INSIDE if word in error["message"]], (body, error)
        if audience is Audience.PUBLIC:
            assert not [id_ for id_ in hidden if id_ in response.text], body
        return answer

    return post
