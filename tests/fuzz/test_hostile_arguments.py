"""Whatever an argument is given, as a variable or in the query: an answer, never a wider one."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import build_schema

from schema.schema import build_schema as build_newsgraph
from store.audience import Audience
from tests.fuzz.arguments import Argument, arguments

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

ARGUMENTS = list(arguments(build_schema(build_newsgraph().as_str())))

TEXTS = [
    "$gt", "$where", "$$ROOT", "$ne:null", '{"$gt": ""}', "{'$ne': 1}", "this.published == false",
    "sleep(9000)", "a.b.$[].c", ".*", "^", "(a|a)*$", "nothing\0else", "\0", "../../etc/passwd",
    "item:", "topic:%", "provider:*", "\u202enothing", "ﬀ\u0301\u200b", "İ\u0307", "\ufeff",
    "\ud800", "\udfff\ud800", "x" * 20_000, "👩‍👩‍👧‍👦" * 200, "%00", "\r\nset-cookie: a=b",
    '" -"', "-", '"', "--", "\\",
]  # fmt: skip
OBJECTS: list[Any] = [
    {"$gt": ""}, {"$ne": None}, {"$where": "true"}, {"$regex": ".*"}, {"$or": [{}]},
    {"$expr": {"$eq": [1, 1]}}, [{"$ne": None}], {"__proto__": {"published": None}}, [[["$gt"]]],
    {"": ""}, {"search": {"$gt": ""}}, {"published": {"$ne": True}},
]  # fmt: skip
NUMBERS = [0, -1, 101, 2**31, 2**53 + 1, -(2**63), 2**64, 1.5, 1e308, True]


def _deep(levels: int) -> Any:
    value: Any = []
    for _ in range(levels):
        value = [value, {"$or": value}] if levels < 8 else [value]
    return value


HOSTILE: list[Any] = [*TEXTS, *OBJECTS, *NUMBERS, _deep(6), _deep(150), TEXTS[:26], ["$gt"] * 51]


def _bodies(argument: Argument, audience: Audience) -> Iterator[tuple[Any, bytes]]:
    """Give each value with the bodies that carry it."""
    at_root, is_public = argument.name.startswith("Query."), audience is Audience.PUBLIC
    # All of them for the public at the root; the same code reads the others, so a part will do.
    for value in HOSTILE[:: (1 if is_public else 2) if at_root else 5]:
        variables = {"value": value}
        yield value, _json({"query": argument.with_variable(), "variables": variables})
        if is_public:
            yield value, _json({"query": argument.with_literal(_literal(value))})


def _json(body: object) -> bytes:
    # Lone surrogates as escapes, the only way that JSON can carry them.
    return json.dumps(body).encode()


def _literal(value: Any) -> str:
    """Write a value in GraphQL, where the keys of objects have no quotes, but may have a $."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_literal(member)}' for key, member in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    return json.dumps(value, ensure_ascii=False)


def _total(answer: dict[str, Any]) -> int:
    """Count what a data tree has: by its `totalCount`, or by its ids."""
    return sum(_count(answer.get("data")))


def _count(node: Any) -> Iterator[int]:
    if isinstance(node, list):
        for member in node:
            yield from _count(member)
    elif isinstance(node, dict):
        if "totalCount" in node and "nodes" in node:
            yield node["totalCount"]
        elif set(node) == {"id"}:
            yield 1
        else:
            for member in node.values():
                yield from _count(member)


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("argument", ARGUMENTS, ids=lambda argument: argument.name)
async def test_a_hostile_value_finds_no_fault_and_widens_nothing(
    ask: Any, argument: Argument, audience: Audience
) -> None:
    everything = _total(await ask(audience, _json({"query": argument.with_literal("null")})))
    assert everything or "(filter" not in argument.name
    for value, body in _bodies(argument, audience):
        answer = await ask(audience, body)
        found = _total(answer)
        if argument.is_selective and value not in (None, [], {}):
            assert not found, body
        elif "(filter" in argument.name:
            assert found <= everything, body
