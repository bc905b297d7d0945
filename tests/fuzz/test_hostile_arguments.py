"""Hostile values of every argument, as variables and as literals: no fault, and no wider result."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import build_schema

from schema.schema import build_schema as build_newsgraph
from store.audience import Audience
from tests.fuzz.arguments import Argument, arguments
from tests.fuzz.conftest import AskSafely, Response
from tests.fuzz.hostile_values import HOSTILE

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

ARGUMENTS = list(arguments(build_schema(build_newsgraph().as_str())))


def _bodies(argument: Argument, audience: Audience) -> Iterator[tuple[Any, bytes]]:
    """Yield each value with the bodies that send it."""
    at_root, is_public = argument.name.startswith("Query."), audience is Audience.PUBLIC
    # The public at the root gets all of them; the same code reads the others, so a part will do.
    for value in HOSTILE[:: (1 if is_public else 2) if at_root else 5]:
        variables = {"value": value}
        yield value, _json({"query": argument.with_variable(), "variables": variables})
        if is_public:
            yield value, _json({"query": argument.with_literal(_literal(value))})


def _json(body: object) -> bytes:
    # Lone surrogates become escapes, the only way that JSON can hold them.
    return json.dumps(body).encode()


def _literal(value: object) -> str:
    """Return a value in GraphQL's syntax, where the keys of objects have no quotes."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_literal(member)}' for key, member in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    return json.dumps(value, ensure_ascii=False)


def _total(response: Response) -> int:
    """Count the objects found: by each `totalCount`, or by the ids."""
    return sum(_counts(response.get("data")))


def _counts(node: object) -> Iterator[int]:
    if isinstance(node, list):
        for member in node:
            yield from _counts(member)
    elif isinstance(node, dict):
        if "totalCount" in node and "nodes" in node:
            yield node["totalCount"]
        elif set(node) == {"id"}:
            yield 1
        else:
            for member in node.values():
                yield from _counts(member)


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("argument", ARGUMENTS, ids=lambda argument: argument.name)
async def test_a_hostile_value_causes_no_fault_and_widens_no_result(
    ask_safely: AskSafely, argument: Argument, audience: Audience
) -> None:
    everything = _total(await ask_safely(audience, _json({"query": argument.with_literal("null")})))
    assert everything or "(filter" not in argument.name
    for value, body in _bodies(argument, audience):
        found = _total(await ask_safely(audience, body))
        if argument.is_selective and value not in (None, [], {}):
            assert not found, body
        elif "(filter" in argument.name:
            assert found <= everything, body
