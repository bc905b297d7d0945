"""What one request may produce: both executors count it, and end a request that exceeds it."""

import asyncio
import inspect
import json
from typing import Any

import pytest
from graphql import ExecutionResult, execute, parse
from hypothesis import given
from hypothesis import strategies as st

from schema.execution.budget import OverBudget, WorkBudget, WorkLimits
from schema.execution.depth_first import DepthFirstExecutor
from schema.execution.executor import BreadthFirstExecutor
from schema.execution.planner import plan_of
from tests.schema.execution.conftest import document_schema

SCHEMA = document_schema(
    """
    scalar JSON
    enum Kind { SHORT, LONG }
    type Query { book: Book books: [Book] shelves: [[Book!]!]! }
    type Book { title: String pages: Int tags: [String!] extra: JSON kind: Kind books: [Book!] }
    """
)
EXECUTORS = pytest.mark.parametrize("executor", [BreadthFirstExecutor, DepthFirstExecutor])


def run(
    executor: type[DepthFirstExecutor], query: str, root: object, limits: WorkLimits
) -> ExecutionResult:
    async def answer() -> ExecutionResult:
        found: Any = execute(SCHEMA, parse(query), root, executor_class=executor.within(limits))
        result: ExecutionResult = await found if inspect.isawaitable(found) else found
        return result

    return asyncio.run(answer())


def refusal(result: ExecutionResult) -> str:
    """Return the message of a request that was ended: it has no data, and the error no path."""
    assert result.data is None
    [error] = result.errors or []
    assert error.path is None
    assert isinstance(error.original_error, OverBudget)
    return error.message


@EXECUTORS
def test_a_response_with_too_many_objects_names_the_field(
    executor: type[DepthFirstExecutor],
) -> None:
    root: dict[str, object] = {"books": [{"books": [{}] * 3}] * 3}
    query = "{ all: books { books { title } } }"
    assert not run(executor, query, root, WorkLimits(max_objects=12)).errors
    assert refusal(run(executor, query, root, WorkLimits(max_objects=11))) == (
        "Stopped at `all.books`: the response has more than 11 objects. Request fewer with "
        "`first`, or split the query."
    )


@EXECUTORS
@pytest.mark.parametrize(
    ("query", "book"),
    [
        ("{ book { a: title b: title c: title } }", {"title": "x" * 400}),
        ("{ book { tags } }", {"tags": ["x" * 100] * 10}),
        ("{ book { extra } }", {"extra": {"key": ["x" * 500, {"deep": "y" * 500}]}}),
        ("{ book { " + " ".join(f"{'k' * 100}{i}: pages" for i in range(10)) + " } }", {}),
        ("{ book { tags } }", {"tags": [""] * 1000}),
        ("{ books { pages } }", {}),
        ("{ book { kind title } }", {"kind": "SHORT", "title": "x" * 1001}),
        ("{ book { title pages } }", {"title": "x" * 1001, "pages": "wrong"}),
    ],
)
def test_a_response_with_too_many_bytes_is_ended(
    executor: type[DepthFirstExecutor], query: str, book: dict[str, object]
) -> None:
    root = {"book": book, "books": [book] * 1000}
    assert "larger than 1,000 B" in refusal(run(executor, query, root, WorkLimits(max_bytes=1000)))


@EXECUTORS
def test_the_schema_itself_is_not_counted_in_objects(executor: type[DepthFirstExecutor]) -> None:
    query = "{ __schema { types { name fields { name } } } }"
    assert not run(executor, query, {}, WorkLimits(max_objects=1)).errors


def test_lists_are_not_laid_out_beyond_the_limit() -> None:
    shelf = [{"title": "x"}] * 1000
    budget = WorkBudget(WorkLimits(max_objects=100))
    with pytest.raises(OverBudget):
        budget.expect(len(shelf), objects=True)
    result = run(
        BreadthFirstExecutor,
        "{ shelves { title } }",
        {"shelves": [shelf] * 1000},
        WorkLimits(max_objects=100),
    )
    assert refusal(result).startswith("Stopped at `shelves`: ")


def test_a_path_of_long_aliases_is_cut() -> None:
    message = refusal(
        run(
            BreadthFirstExecutor,
            f"{{ {'a' * 5000}: book {{ title }} }}",
            {"book": {}},
            WorkLimits(max_bytes=10),
        )
    )
    assert len(message) < 400


LEAVES = st.none() | st.text(max_size=5)
BOOKS = st.fixed_dictionaries(
    {
        "title": LEAVES,
        "pages": st.none() | st.integers(-9, 10**9),
        "tags": st.none() | st.lists(st.text(max_size=3), max_size=3),
        "extra": st.none() | st.lists(LEAVES, max_size=3) | st.dictionaries(st.text(), LEAVES),
    }
)
EVERYTHING = "{ books { title a: title pages tags extra books { title tags } } }"


@EXECUTORS
@given(books=st.lists(st.none() | BOOKS, max_size=4), below=st.lists(BOOKS, max_size=3))
def test_no_response_that_fits_is_refused(
    executor: type[DepthFirstExecutor],
    books: list[dict[str, object] | None],
    below: list[dict[str, object]],
) -> None:
    root = {"books": [book and {**book, "books": below} for book in books]}
    result = run(executor, EVERYTHING, root, WorkLimits())
    size = len(json.dumps(result.data, ensure_ascii=False, separators=(",", ":")).encode())
    assert not run(executor, EVERYTHING, root, WorkLimits(max_bytes=size)).errors


def test_plans_know_the_bytes_around_their_values() -> None:
    executor = BreadthFirstExecutor.build(SCHEMA, parse("{ book { a: title pages } }"))
    assert isinstance(executor, BreadthFirstExecutor)
    book = plan_of(executor).fields[0].below(SCHEMA.type_map["Book"])  # type: ignore[arg-type]
    assert book.row_bytes == len('{"a":,"pages":}') + 1 - 1
