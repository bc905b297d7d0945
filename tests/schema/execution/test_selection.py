"""Look-ahead: what a resolver sees of the selection below its field."""

import asyncio
from collections.abc import Sequence

import pytest
import strawberry
from graphql import DocumentNode, FieldNode, FragmentDefinitionNode, OperationDefinitionNode, parse
from graphql.execution.values import VariableValues
from strawberry.types import Info

from schema.execution.batched import batched
from schema.execution.depth_first import DepthFirstExecutor
from schema.execution.documents import document_field
from schema.execution.executor import BreadthFirstExecutor
from schema.execution.selection import Selection, selection_of

Tree = dict[str, "Tree"]


@strawberry.type
class Person:
    """A person, with friends."""

    name: str | None = document_field(description="")
    shout: str | None = document_field(description="")
    friends: list["Person"] | None = document_field(description="")
    mother: "Person | None" = document_field(description="")


def tree(selection: Selection) -> Tree:
    return {name: tree(below) for name, below in selection.items()}


def selection_in(query: str) -> Selection:
    document: DocumentNode = parse(query)
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    (node,) = operation.selection_set.selections
    assert isinstance(node, FieldNode)
    fragments = {
        definition.name.value: definition
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }
    return Selection([node], fragments, VariableValues({}, {}))


@pytest.mark.parametrize("executor", [BreadthFirstExecutor, DepthFirstExecutor])
def test_a_resolver_sees_the_fields_below_it_with_fragments_and_directives_applied(
    executor: type[DepthFirstExecutor],
) -> None:
    seen: list[Tree] = []

    def resolve_look(parents: Sequence[object], info: Info) -> list[dict[str, object]]:
        seen.append(tree(selection_of(info)))
        return [{} for _ in parents]

    @strawberry.type
    class Query:
        look: Person = batched(description="")(resolve_look)

    query = """
    query ($yes: Boolean!, $no: Boolean = false) {
      look {
        __typename
        first: name
        ...F
        ... on Person { friends { mother { name @include(if: $yes) } } }
        mother @include(if: $no) { name }
        shout @skip(if: $yes)
      }
    }
    fragment F on Person {
      friends { shout }
      friends { shout @skip(if: $no) name @skip(if: true) }
      ...F2
    }
    fragment F2 on Person { name ...F3 }
    fragment F3 on Person { name }
    """
    schema = strawberry.Schema(Query, execution_context_class=executor)
    for yes in (True, False, True):
        result = asyncio.run(schema.execute(query, {"yes": yes}))
        assert result.errors is None
        friends: Tree = {"mother": {"name": {}} if yes else {}, "shout": {}}
        expected: Tree = {"name": {}, "friends": friends}
        assert seen[-1] == (expected if yes else {**expected, "shout": {}})


def test_a_path_that_is_not_selected_has_an_empty_selection() -> None:
    selection = selection_in("{ page { edges { node { title } } } }")
    assert tree(selection.below("edges", "node")) == {"title": {}}
    assert len(selection.below("nodes", "author")) == 0
    assert "edges" in selection
    assert "nodes" not in selection
    with pytest.raises(KeyError):
        selection["nodes"]


def test_a_fragment_that_is_spread_twice_is_followed_once() -> None:
    selection = selection_in("{ page { ...F ...F } } fragment F on Page { title }")
    assert tree(selection) == {"title": {}}
    assert repr(selection) == "Selection(title)"


def test_what_is_derived_of_a_selection_is_made_once() -> None:
    made: list[list[str]] = []

    def names(selection: Selection) -> list[str]:
        made.append(list(selection))
        return made[-1]

    selection = selection_in("{ page { title id } }")
    assert selection.derive(names) is selection.derive(names)
    assert made == [["title", "id"]]
