"""Errors (`schema.errors`): each has a code and locations, and hides internals from clients."""

import logging
from collections.abc import Callable
from typing import NoReturn

import pytest

from schema import errors
from schema.context import Context
from schema.errors import ErrorCode, OutageLog
from schema.limits.limits import Limits
from schema.schema import ExecutorName
from store.audience import Audience
from store.errors import DeadlineExceeded, Refused, Unavailable
from store.reading.store import Store
from tests.schema.newsroom import EXECUTORS, Newsroom, dated, item, schema_of

pytestmark = pytest.mark.anyio

FailWith = Callable[[Exception], Newsroom]

NOBODY = "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=100"


class Failing:
    """A reader of items that fails whatever it is asked."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    async def fail(self, *_: object) -> NoReturn:
        raise self.error

    get = pages = counts = facets = fail


@pytest.fixture
def failing(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> FailWith:
    """A function that makes a newsroom's reader of items fail with an error."""
    newsroom.put(*dated(3, provider="a.example"), *dated(2, provider="b.example"))

    def fail_with(error: Exception) -> Newsroom:
        readers = newsroom.store.readers(Audience.PUBLIC)
        monkeypatch.setattr(readers, "items", Failing(error))
        monkeypatch.setattr(newsroom.store, "readers", lambda *_: readers)
        return newsroom

    return fail_with


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize(
    ("code", "query"),
    [
        ("GRAPHQL_PARSE_FAILED", "{"),
        ("GRAPHQL_VALIDATION_FAILED", "{ nothing }"),
        ("GRAPHQL_VALIDATION_FAILED", "mutation { nothing }"),
        ("GRAPHQL_VALIDATION_FAILED", '{ items(filter: {publishedAfter: "x"}) { totalCount } }'),
        ("GRAPHQL_VALIDATION_FAILED", '{ item(url: "x") { id } }'),
        ("BAD_USER_INPUT", "{ items(first: -1) { nodes { id } } }"),
        ("BAD_USER_INPUT", "{ item { id } }"),
        ("BAD_USER_INPUT", '{ item(id: "a", url: "https://a.example/") { id } }'),
        ("BAD_USER_INPUT", "{ items { facets { types(first: 0) { count } } } }"),
        ("BAD_USER_INPUT", "query ($n: Int!) { items(first: $n) { totalCount } }"),
        ("FORBIDDEN", "{ items(filter: {published: false}) { totalCount } }"),
        (
            "QUERY_TOO_EXPENSIVE",
            "{ items(first: 99) { nodes { relatedBy(first: 99) { nodes { relatedBy { nodes { id } "
            "} } } } } }",
        ),
    ],
)
async def test_every_error_has_a_code_and_locations(
    newsroom: Newsroom, executor: ExecutorName, query: str, code: str
) -> None:
    result = await newsroom.answer(query, executor=executor)
    (error,) = result.errors
    assert error.extensions["code"] == code
    assert error.locations
    assert code in list(ErrorCode)


async def test_too_many_ids_are_refused(newsroom: Newsroom) -> None:
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    code, message = await newsroom.refusal(query, ids=["x"] * 101)
    assert (code, message) == ("BAD_USER_INPUT", "`ids` has 101 values; at most 100 are allowed.")


async def test_an_error_in_a_nullable_field_leaves_other_fields_intact(newsroom: Newsroom) -> None:
    newsroom.put(*dated(1))
    result = await newsroom.answer("{ item { id } corpus { itemCount } }")
    assert result.data == {"item": None, "corpus": {"itemCount": 1}}
    assert [error.path for error in result.errors] == [["item"]]


@pytest.mark.parametrize("executor", EXECUTORS)
async def test_a_list_that_fails_leaves_the_other_lists(
    newsroom: Newsroom, executor: ExecutorName
) -> None:
    newsroom.put(*dated(2, provider="a.example", topics=["Energy"]))
    query = """query ($cursor: String) {
      top: items(first: 1) { nodes { title } totalCount }
      bad: items(first: 500) { nodes { title } }
      more: items(after: $cursor) { nodes { title } }
      topics { nodes { name children { name } items(before: $cursor) { totalCount } } }
    }"""
    result = await newsroom.answer(query, executor=executor, cursor="stale")
    assert result.data == {
        "top": {"nodes": [{"title": "Story n001"}], "totalCount": 2},
        "bad": None,
        "more": None,
        "topics": {"nodes": [{"name": "Energy", "children": [], "items": None}]},
    }
    assert {error.extensions["code"] for error in result.errors} == {"BAD_USER_INPUT"}
    assert [error.path for error in result.errors] == [
        ["bad"],
        ["more"],
        ["topics", "nodes", 0, "items"],
    ]


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize("reader", ["counts", "facets"])
async def test_what_cannot_be_counted_leaves_the_page(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, executor: ExecutorName, reader: str
) -> None:
    newsroom.put(*dated(1))
    readers = newsroom.store.readers(Audience.PUBLIC)
    monkeypatch.setattr(readers.items, reader, Failing(DeadlineExceeded("slow")).fail)
    monkeypatch.setattr(newsroom.store, "readers", lambda *_: readers)
    query = "{ items { nodes { title } counts: totalCount facets { types { count } } } }"
    result = await newsroom.answer(query, executor=executor)
    failed = result.data["items"]
    assert failed.pop(reader) is None
    assert failed.pop("nodes") == [{"title": "Story n000"}]
    assert failed in ({"counts": 1}, {"facets": {"types": []}})
    assert [(error.path, error.extensions["code"]) for error in result.errors] == [
        (["items", reader], "TIMEOUT")
    ]


@pytest.mark.usefixtures("forgiving")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("executor", EXECUTORS)
async def test_an_unreachable_server_is_unavailable(executor: ExecutorName) -> None:
    store = Store.connect(NOBODY, "nothing")
    schema = schema_of(executor)
    context = Context(store, Audience.PUBLIC)
    result = await schema.execute("{ items { nodes { id } } }", context_value=context)
    (error,) = result.errors
    assert error.extensions == {"code": "UNAVAILABLE"}
    assert error.message == "MongoDB is not responding; try again in a few seconds."
    assert error.path == ["items"]
    await store.close()


async def test_before_the_first_load_lists_are_empty(
    newsroom: Newsroom, database_name: str
) -> None:
    context = Context(Store(newsroom.client, newsroom.client[database_name]), Audience.PUBLIC)
    query = """{
      items { nodes { id } totalCount facets { months { count } } }
      providers { nodes { id } totalCount }
      corpus { itemCount newest version updatedDateTime }
    }"""
    result = await schema_of().execute(query, context_value=context)
    assert result.errors is None
    assert result.data == {
        "items": {"nodes": [], "totalCount": 0, "facets": {"months": []}},
        "providers": {"nodes": [], "totalCount": 0},
        "corpus": {"itemCount": 0, "newest": None, "version": 0, "updatedDateTime": None},
    }


async def test_search_is_unavailable_without_its_index(
    newsroom: Newsroom, database_name: str
) -> None:
    newsroom.blocking[database_name]["items"].insert_one(item("a"))
    context = Context(Store(newsroom.client, newsroom.client[database_name]), Audience.PUBLIC)
    query = '{ items(filter: {search: "x"}) { totalCount } }'
    result = await schema_of().execute(query, context_value=context)
    assert [error.extensions["code"] for error in result.errors] == ["UNAVAILABLE"]


async def test_an_exceeded_deadline_is_a_timeout(failing: FailWith) -> None:
    newsroom = failing(DeadlineExceeded("slow"))
    assert await newsroom.refusal("{ items { nodes { id } } }") == (
        "TIMEOUT",
        "The query took too long; request less at once.",
    )


@pytest.mark.parametrize("executor", EXECUTORS)
async def test_an_internal_error_is_masked_and_logged_once(
    failing: FailWith, caplog: pytest.LogCaptureFixture, executor: ExecutorName
) -> None:
    newsroom = failing(ZeroDivisionError("secret of ours"))
    with caplog.at_level(logging.ERROR, "newsgraph.errors"):
        result = await newsroom.answer(
            '{ a: item(id: "a") { id } b: item(id: "b") { id } }', executor=executor
        )
    ids = {error.extensions["id"] for error in result.errors}
    assert len(result.errors) == 2
    assert len(ids) == 1
    for error in result.errors:
        assert error.extensions["code"] == "INTERNAL_SERVER_ERROR"
        assert error.message == f"Internal error; see {min(ids)} in the server log."
    (record,) = [record for record in caplog.records if record.name == "newsgraph.errors"]
    assert min(ids) in record.getMessage()
    assert record.exc_info
    assert "secret of ours" not in str([error.formatted for error in result.errors])


async def test_the_limits_given_to_build_schema_apply(newsroom: Newsroom) -> None:
    query = "{ items(first: 2) { nodes { id } } }"
    code, _ = await newsroom.refusal(query, limits=Limits(max_cost=2))
    assert code == "QUERY_TOO_EXPENSIVE"


@pytest.mark.parametrize("executor", EXECUTORS)
async def test_a_response_that_outgrows_its_price_is_refused(
    newsroom: Newsroom, executor: ExecutorName
) -> None:
    names = [str(number) for number in range(12)]
    newsroom.put(*(item(name, related=names) for name in names))
    query = "{ item(url: %s) { related { item { related { title } } } } }"
    query %= '"https://one.example/0"'
    limits = Limits(max_cost=100)
    assert await newsroom.ask(query, executor=executor)
    code, message = await newsroom.refusal(query, executor=executor, limits=limits)
    assert code == "QUERY_TOO_EXPENSIVE"
    assert message.startswith("Stopped at `item.related.item.related`: ")


async def test_the_cause_of_an_outage_is_logged_once_and_hidden_from_clients(
    failing: FailWith, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errors, "_OUTAGES", OutageLog(every_s=5))
    refused = Refused("MongoDB refused the credentials.")
    refused.__cause__ = Exception("Authentication failed.")
    newsroom = failing(refused)
    with caplog.at_level(logging.WARNING, "newsgraph.errors"):
        said = [await newsroom.refusal("{ items { nodes { id } } }") for _ in range(3)]
    assert said == [("UNAVAILABLE", "Try again later.")] * 3
    assert caplog.messages == ["MongoDB refused the credentials. (Authentication failed.)"]


def test_an_outage_is_logged_again_after_the_interval(caplog: pytest.LogCaptureFixture) -> None:
    now = 0.0
    outages = OutageLog(every_s=5, clock=lambda: now)
    for now in (0.0, 4.9, 5.0, 9.9):
        outages.report(Unavailable(f"No server at {now}."))
    assert caplog.messages == ["No server at 0.0. (None)", "No server at 5.0. (None)"]
