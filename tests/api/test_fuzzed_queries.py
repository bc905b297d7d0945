"""Whatever the public asks, over HTTP, of a real corpus: no fault of ours, nothing unpublished."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from graphql import GraphQLInputObjectType, GraphQLNamedType, build_schema, get_named_type
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis_graphql import nodes, queries
from pymongo import MongoClient

from api.app import create_app
from api.settings import Settings
from loaders.load import Options, load
from schema.schema import build_schema as build_newsgraph
from store.audience import Audience
from store.reading.store import Store

CONTENT = Path(__file__).parents[2] / "examples/content"
SDL = build_newsgraph().as_str()

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

# What has meant something else to one parser or another: MongoDB's operators and field paths,
# regular expressions, JavaScript, separators of our own, unusual Unicode.
HOSTILE = [
    "$where", "$gt", "$ne", '{"$gt": ""}', "$$ROOT", "$title", "a.b", "labels.0", "*", ".*", "^",
    "(a+)+$", "'; return true; //", "\0", "item:*", "provider:", "topic:", "image", "~", "\uffff",
    "category:news", "\U0010ffff", "\u202e", "-" * 1000, '"', '\\"', "-news", '"a phrase', "😀",
    "../../etc/passwd", "", " ",
]  # fmt: skip
VALUES = [
    *HOSTILE, None, True, 0, -1, 1, 2**31 - 1, 2**31, 2**53, 2**63, -(2**63), 1e308, 0.5, [], {},
    [[]], {"$gt": ""}, {"$where": "1"}, {"$regex": "."}, [{"$ne": None}], ["$where"] * 50,
    {"a": {"b": []}},
]  # fmt: skip


@pytest.fixture(scope="module")
def corpus(mongod: str) -> Iterator[tuple[str, set[str]]]:
    """A database with the examples, and the ids that the public must never see."""
    name = "test_fuzzed_queries"
    load([str(CONTENT)], uri=mongod, database=name, options=Options(jobs=1))
    with MongoClient(mongod) as client:
        hidden = list(client[name]["items"].find({"published": False}))
        assert hidden
        yield name, {item["_id"] for item in hidden}
        client.drop_database(name)


@pytest.fixture
async def ask(mongod: str, corpus: tuple[str, set[str]]):
    """Ask as the public; fails for a fault of ours or an unpublished item."""
    database, secrets = corpus
    store = Store.connect(mongod, database, timeout_s=5)
    app = create_app(Settings(audience=Audience.PUBLIC), store)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:

        async def ask(query: str, **parameters) -> dict:
            body = json.dumps({"query": query, **parameters}).encode()
            headers = {"content-type": "application/json"}
            response = await client.post("/graphql", content=body, headers=headers)
            assert response.status_code in (200, 400), response.text
            answer = response.json()
            for error in answer.get("errors", ()):
                assert error["extensions"]["code"] != "INTERNAL_SERVER_ERROR", (query, parameters)
                assert "Traceback" not in error["message"]
                assert "pymongo" not in error["message"]
            assert not {secret for secret in secrets if secret in response.text}
            return answer

        yield ask
    await store.close()


NESTED = (("items.nodes", "Item"), ("topics.nodes", "Topic"), ("items.facets", "ItemFacets"))


def arguments() -> Iterator[tuple[str, str]]:
    """Every argument of the root, every input field and every nested argument: a query for each."""
    schema = build_schema(SDL)

    def selection(type_: GraphQLNamedType) -> str:
        if "totalCount" in type_.fields:
            return "totalCount nodes { id }"
        return (
            "id" if "id" in type_.fields else "title" if "title" in type_.fields else "__typename"
        )

    def query(path: str, name: str, place: str, type_: object) -> str:
        *outer, field = path.split(".")
        opening = "".join(f"{step} {{ " for step in outer)
        inner = f"{field}({name}: {place}) {{ {selection(type_of[path])} }}"
        return f"query($value: {type_}) {{ {opening}{inner} {'} ' * len(outer)}}}"

    fields = dict(schema.query_type.fields)
    for path, type_name in NESTED:
        for name, field in schema.type_map[type_name].fields.items():
            fields[f"{path}.{name}"] = field
    type_of = {path: get_named_type(field.type) for path, field in fields.items()}
    for path, definition in fields.items():
        for name, argument in definition.args.items():
            yield f"{path}({name})", query(path, name, "$value", argument.type)
            inner = get_named_type(argument.type)
            if isinstance(inner, GraphQLInputObjectType):
                for key, field in inner.fields.items():
                    place = f"{{{key}: $value}}"
                    yield f"{path}({name}.{key})", query(path, name, place, field.type)


ARGUMENTS = dict(arguments())


@pytest.mark.parametrize("argument", ARGUMENTS)
async def test_no_value_of_any_argument_is_taken_for_an_operator(ask, argument):
    for value in VALUES:
        await ask(ARGUMENTS[argument], variables={"value": value})


def literals(strategy: st.SearchStrategy[str]) -> st.SearchStrategy:
    return strategy.map(nodes.String)


SCALARS = {
    "DateTime": literals(st.datetimes().map(lambda date: f"{date.isoformat()}Z") | st.text()),
    "URL": literals(st.sampled_from(["https://example.com/a", "http://[", "https://a.example:x"])),
    "JSON": literals(st.text()),
}


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(query=queries(SDL, custom_scalars=SCALARS, allow_x00=True))
async def test_no_query_that_the_schema_allows_finds_a_fault(ask, query):
    await ask(query)


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(alphabet=st.characters(codec="utf-8")) | st.text(alphabet='{}()[]:!@$#"\\ \n.,a1'))
async def test_no_text_at_all_finds_a_fault(ask, query):
    await ask(f"{{ {query} }}")
