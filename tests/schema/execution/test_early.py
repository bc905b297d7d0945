"""Early calls: what may be read before its object is found, and what becomes of it (`early`)."""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Union

import pytest
import strawberry
from strawberry.types import Info

from schema.execution.batched import batched
from schema.execution.documents import DictObject, document_field
from schema.execution.early import MAX_IDS
from tests.schema.execution.agreement import Ask
from tests.schema.execution.test_run import in_own_loop, schema_of

Parents = Sequence[dict[str, Any]]

LINKS: list[dict[str, Any]] = [{"to": "a"}, {"to": "gone"}, {"to": "b"}, {}, {"to": "a"}]


def ids_of(parents: Parents) -> Iterator[str]:
    return (parent["to"] for parent in parents if "to" in parent)


async def find(parents: Parents, _info: Info) -> list[dict[str, str] | None]:
    await asyncio.sleep(0)
    found = {id_: {"_id": id_, "name": id_.upper()} for id_ in ("a", "b")}
    return [found.get(parent.get("to", "")) for parent in parents]


def query_of(sizes: Any, links: list[dict[str, Any]] = LINKS, link: Any = find) -> type:
    """Return a root type: `links`, each with a `to` that has a `name`, and a `size` by its id."""

    async def all_links(parents: Sequence[object], _info: Info) -> list[list[dict[str, Any]]]:
        return [links for _ in parents]

    @strawberry.type
    class Place(DictObject):
        name: str = document_field(description="")
        size: int | None = batched(description="", by_id=True)(sizes)

    @strawberry.type
    class Link(DictObject):
        to: Place | None = batched(description="", ids_of=ids_of)(link)

    @strawberry.type
    class Query:
        links: list[Link] = batched(description="")(all_links)

    return Query


def test_what_is_read_for_objects_that_are_not_found_is_dropped(ask: Ask) -> None:
    asked: list[list[str]] = []

    async def sizes(parents: Parents, _info: Info, times: int = 1) -> list[int]:
        asked.append([parent["_id"] for parent in parents])
        return [ord(parent["_id"][0]) * times for parent in parents]

    query = "{ links { to { name size } same: to { twice: size(times: 2) size } } }"
    data = ask(query_of(sizes), query)["data"]
    once = [link["to"] and link["to"]["size"] for link in data["links"]]
    assert once == [97, None, 98, None, 97]
    assert [link["same"] and link["same"]["twice"] for link in data["links"]] == [
        *(194, None, 196, None, 194)
    ]
    # First by ids: each once, for each of three fields. Then the other executor's, as they are.
    assert asked[:3] == [["a", "gone", "b"]] * 3


def test_the_error_of_an_early_call_is_that_of_the_objects_that_are_found(ask: Ask) -> None:
    async def no_sizes(_parents: Parents, _info: Info) -> list[int]:
        raise RuntimeError("no sizes")

    async def sizes_or_errors(parents: Parents, _info: Info) -> list[object]:
        return [ValueError("odd") if one["_id"] == "b" else 1 for one in parents]

    query = "{ links { to { name size } } }"
    found = ask(query_of(no_sizes), query)
    assert [error["path"][1] for error in found["errors"]] == [0, 2, 4]
    found = ask(query_of(sizes_or_errors), query)
    assert [error["path"] for error in found["errors"]] == [["links", 2, "to", "size"]]
    assert "errors" not in ask(query_of(no_sizes, [{"to": "gone"}, {}]), query)


def test_a_wrong_number_of_early_results_is_an_error(ask: Ask) -> None:
    async def sizes(_parents: Parents, _info: Info) -> list[int]:
        return [1] * 7

    found = ask(query_of(sizes), "{ links { to { size } } }")
    assert {error["message"] for error in found["errors"]} == {"size got 7 results for 3 parents."}


@pytest.mark.parametrize("broken", [["a"], {"id": "a"}, 7])
def test_parents_whose_ids_cannot_be_read_are_left_to_the_resolver(ask: Ask, broken: Any) -> None:
    async def sizes(parents: Parents, _info: Info) -> list[int]:
        return [1 for _ in parents]

    async def find_each(parents: Sequence[Any], _info: Info) -> list[object]:
        return [
            {"_id": "a", "name": "A"} if parent == {"to": "a"} else ValueError("broken")
            for parent in parents
        ]

    root = query_of(sizes, [{"to": "a"}, {"to": broken}], find_each)
    found = ask(root, "{ links { to { name size } } }")
    assert found["data"] == {"links": [{"to": {"name": "A", "size": 1}}, {"to": None}]}


@pytest.mark.parametrize(("links", "early"), [(MAX_IDS, True), (MAX_IDS + 1, False)])
@in_own_loop
async def test_nothing_is_read_early_for_many_objects(links: int, early: bool) -> None:
    asked: list[int] = []

    async def sizes(parents: Parents, _info: Info) -> list[int]:
        asked.append(len(parents))
        return [1 for _ in parents]

    given = [{"to": "a"}, *({"to": f"gone {number}"} for number in range(links - 1))]
    result = await schema_of(query_of(sizes, given)).execute("{ links { to { size } } }")
    assert result.data is not None
    assert [link["to"] for link in result.data["links"]] == [{"size": 1}, *[None] * (links - 1)]
    assert asked == [links if early else 1]


@in_own_loop
async def test_an_object_and_its_early_fields_are_read_at_the_same_time() -> None:
    both_are_here = asyncio.Barrier(2)

    async def meet_and_find(parents: Parents, info: Info) -> list[dict[str, str] | None]:
        async with asyncio.timeout(60):
            await both_are_here.wait()
        return await find(parents, info)

    async def sizes(parents: Parents, _info: Info) -> list[int]:
        async with asyncio.timeout(60):
            await both_are_here.wait()
        return [1 for _ in parents]

    schema = schema_of(query_of(sizes, [{"to": "a"}], meet_and_find))
    result = await schema.execute("{ links { to { size } } }")
    assert result.errors is None
    assert result.data == {"links": [{"to": {"size": 1}}]}


@pytest.mark.parametrize("ends", [True, False])
@in_own_loop
async def test_a_failed_or_cancelled_request_leaves_no_early_call_behind(ends: bool) -> None:
    started, cancelled = asyncio.Event(), []

    async def sizes(parents: Parents, _info: Info) -> list[int]:
        started.set()
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            cancelled.append(len(parents))
            raise
        return []

    async def fail(_parents: Parents, _info: Info) -> list[object]:
        await started.wait()
        if ends:
            raise RuntimeError("no places")
        await asyncio.sleep(3600)
        return []

    before = asyncio.all_tasks()
    request = asyncio.ensure_future(
        schema_of(query_of(sizes, [{"to": "a"}], fail)).execute("{ links { to { size } } }")
    )
    await started.wait()
    if ends:
        result = await request
        assert result.data == {"links": [{"to": None}]}
    else:
        request.cancel()
        with pytest.raises(asyncio.CancelledError):
            await request
    assert cancelled == [1]
    assert asyncio.all_tasks() == before


def test_objects_of_several_types_are_found_first(ask: Ask) -> None:
    asked: list[list[str]] = []

    async def sizes(parents: Parents, _info: Info) -> list[int]:
        asked.append([parent["_id"] for parent in parents])
        return [1 for _ in parents]

    @strawberry.type
    class Town:
        size: int = batched(description="", by_id=True)(sizes)

        @classmethod
        def is_type_of(cls, value: Any, _info: Any) -> bool:
            return bool(value["_id"] == "a")

    @strawberry.type
    class Lake:
        size: int = batched(description="", by_id=True)(sizes)

        @classmethod
        def is_type_of(cls, value: Any, _info: Any) -> bool:
            return bool(value["_id"] != "a")

    @strawberry.type
    class Query:
        to: Annotated[Union[Town, Lake], strawberry.union("Place")] = batched(  # noqa: UP007
            description="", ids_of=ids_of
        )(find)

    found = ask(Query, "{ to { ... on Town { size } ... on Lake { size } } }", {"to": "a"})
    assert found == {"data": {"to": {"size": 1}}}
    assert asked == [["a"], ["a"]]  # by either executor
