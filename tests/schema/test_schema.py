"""The schema (`schema.schema`): equal to its file, fully described, following Relay.

Its subscriptions (`schema.subscription`) are in it; `api.graphql.live` answers them.
"""

from collections.abc import Iterator
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLNamedType,
    GraphQLSchema,
    build_ast_schema,
    build_client_schema,
    get_introspection_query,
    is_enum_type,
    is_input_object_type,
    is_interface_type,
    is_object_type,
    is_required_argument,
    lexicographic_sort_schema,
    parse,
    print_schema,
)

from schema.execution._compat import field_of
from schema.limits.messages import MAX_MESSAGE
from schema.limits.parsing import MAX_ERRORS
from schema.schema import build_schema
from tests.schema.newsroom import EXECUTORS, Newsroom, schema_of

FILE = Path(__file__).parents[2] / "schema.graphql"
SDL = schema_of().as_str()
GRAPHQL: GraphQLSchema = schema_of()._schema


def described() -> Iterator[tuple[str, Any]]:
    """Yield every element that can have a description, with its coordinate."""
    for name, type_ in GRAPHQL.type_map.items():
        if name.startswith("__") or name in ("String", "Int", "Boolean", "ID", "Float"):
            continue
        yield name, type_
        fields: dict[str, Any] = getattr(type_, "fields", {})
        for field_name, field in fields.items():
            yield f"{name}.{field_name}", field
            for argument_name, argument in getattr(field, "args", {}).items():
                yield f"{name}.{field_name}({argument_name}:)", argument
        if is_enum_type(type_):
            yield from ((f"{name}.{value}", type_.values[value]) for value in type_.values)


def test_the_committed_schema_file_is_current() -> None:
    assert FILE.read_text("utf-8") == SDL + "\n", "run: newsgraph schema > schema.graphql"


def test_both_executors_serve_the_same_schema() -> None:
    for executor in EXECUTORS:
        assert build_schema(executor=executor).as_str() == SDL


@pytest.mark.anyio
async def test_the_schema_says_what_it_is_about(newsroom: Newsroom) -> None:
    data = await newsroom.ask("{ __schema { description } }")
    assert data["__schema"]["description"].startswith("News items, with their providers")


@pytest.mark.parametrize(("coordinate", "element"), list(described()))
def test_every_element_has_a_description_that_is_a_sentence(coordinate: str, element: Any) -> None:
    description = element.description
    assert description, coordinate
    assert description.strip() == description
    assert description[0].isupper() or description[0] == "`", coordinate
    assert description[-1] in ".…", coordinate


def test_descriptions_name_only_existing_elements() -> None:
    known = set(GRAPHQL.type_map)
    known.update(name.split("(")[0].split(".")[-1] for name, _ in described())
    known.update(argument for _, field in described() for argument in getattr(field, "args", {}))
    for coordinate, element in described():
        for quoted in element.description.split("`")[1::2]:
            name = quoted.split(":")[0].split(".")[-1]
            if name.isidentifier() and (name.isupper() or any(c.isupper() for c in name)):
                assert name in known, (coordinate, quoted)


def test_nullability_and_names_follow_the_design() -> None:
    for name, type_ in GRAPHQL.type_map.items():
        if name.startswith("__") or not (is_object_type(type_) or is_interface_type(type_)):
            continue
        for field_name, field in type_.fields.items():
            printed = str(field.type)
            if printed.startswith("["):
                assert "!]" in printed or (name, field_name) == ("Query", "nodes")
            reads = iscoroutinefunction(getattr(field_of(field), "batch_resolver", None))
            assert not (reads and printed.endswith("!")), f"{name}.{field_name} may fail"
            assert field_name[0].islower()
            assert "_" not in field_name


def connections() -> list[GraphQLNamedType]:
    """Yield the connection types."""
    return [type_ for name, type_ in GRAPHQL.type_map.items() if name.endswith("Connection")]


def test_connections_have_the_shape_of_relays_specification() -> None:
    assert {type_.name for type_ in connections()} == {
        "AuthorConnection",
        "ItemConnection",
        "ProviderConnection",
        "TopicConnection",
    }
    for type_ in connections():
        assert is_object_type(type_)
        node = type_.name.removesuffix("Connection")
        assert str(type_.fields["edges"].type) == f"[{node}Edge!]!"
        assert str(type_.fields["nodes"].type) == f"[{node}!]!"
        assert str(type_.fields["pageInfo"].type) == "PageInfo!"
        edge: Any = GRAPHQL.type_map[f"{node}Edge"]
        assert str(edge.fields["node"].type) == f"{node}!"
        assert str(edge.fields["cursor"].type) == "String!"
    info: Any = GRAPHQL.type_map["PageInfo"]
    assert {name: str(field.type) for name, field in info.fields.items()} == {
        "hasNextPage": "Boolean!",
        "hasPreviousPage": "Boolean!",
        "startCursor": "String",
        "endCursor": "String",
    }


def test_every_field_of_a_connection_pages_both_ways() -> None:
    found = 0
    for type_ in GRAPHQL.type_map.values():
        for field in getattr(type_, "fields", {}).values():
            if str(field.type).endswith("Connection"):
                types = {name: str(argument.type) for name, argument in field.args.items()}
                assert types["first"] == types["last"] == "Int"
                assert types["after"] == types["before"] == "String"
                found += 1
    assert found == 9  # one of them of a subscription


def test_every_type_with_an_id_is_a_node() -> None:
    query: Any = GRAPHQL.query_type
    assert str(query.fields["node"].type) == "Node"
    assert str(query.fields["node"].args["id"].type) == "ID!"
    assert str(query.fields["nodes"].type) == "[Node]"
    with_id = {
        type_.name
        for type_ in GRAPHQL.type_map.values()
        if is_object_type(type_) and "id" in type_.fields
    }
    node: Any = GRAPHQL.type_map["Node"]
    assert with_id == {type_.name for type_ in GRAPHQL.get_possible_types(node)}


def test_only_arguments_without_which_there_is_no_answer_are_required() -> None:
    required = {
        f"{type_.name}.{name}({argument_name}:)"
        for type_ in GRAPHQL.type_map.values()
        if is_object_type(type_) and not type_.name.startswith("__")
        for name, field in type_.fields.items()
        for argument_name, argument in field.args.items()
        if is_required_argument(argument)
    }
    assert required == {
        "Item.highlights(search:)",
        "Query.suggest(prefix:)",
        "Query.author(name:)",
        "Query.node(id:)",
        "Query.nodes(ids:)",
        "Query.provider(domain:)",
        "Query.topic(name:)",
    }
    for type_ in GRAPHQL.type_map.values():
        if is_input_object_type(type_):
            assert not any(str(field.type).endswith("!") for field in type_.fields.values())


@pytest.mark.anyio
async def test_introspection_gives_clients_the_whole_schema(newsroom: Newsroom) -> None:
    data = await newsroom.ask(get_introspection_query(specified_by_url=True))
    printed, known = (
        print_schema(lexicographic_sort_schema(schema))
        for schema in (build_client_schema(data), build_ast_schema(parse(SDL)))
    )
    assert printed == known


@pytest.mark.anyio
async def test_introspection_can_be_turned_off() -> None:
    schema = build_schema(introspection=False)
    result = await schema.execute("{ __schema { types { name } } }")
    assert result.errors
    error = result.errors[0]
    assert error.extensions
    assert error.extensions["code"] == "GRAPHQL_VALIDATION_FAILED"


@pytest.mark.parametrize(
    ("type_", "argument", "value", "suggested"),
    [
        ("ItemFilter", "filter", {"topicz": ["a"]}, "topics"),
        ("ItemOrder", "orderBy", "NEWESS", "NEWEST"),
    ],
)
def test_without_introspection_no_variable_gets_a_suggestion(
    type_: str, argument: str, value: object, suggested: str
) -> None:
    query = f"query($v: {type_}) {{ items({argument}: $v) {{ totalCount }} }}"
    for introspection in (True, False):
        schema = build_schema(introspection=introspection)
        [error] = schema.execute_sync(query, {"v": value}).errors or []
        assert (error.extensions or {})["code"] == "BAD_USER_INPUT"
        assert (suggested in error.message) is introspection


def test_the_errors_of_variables_are_few_and_short() -> None:
    query = "query($f: ItemFilter) { items(filter: $f) { totalCount } }"
    wrong: dict[str, object] = {f"z{n}": "a" * 2_000 for n in range(50)}
    errors = build_schema().execute_sync(query, {"f": wrong}).errors or ()
    assert len(errors) == MAX_ERRORS + 1
    assert max(len(error.message) for error in errors) <= MAX_MESSAGE + 1


def test_a_number_of_too_many_digits_is_an_error_of_its_query() -> None:
    query = f"{{ items(first: {'9' * 5_000}) {{ totalCount }} }}"
    [error] = build_schema().execute_sync(query).errors or []
    assert (error.extensions or {})["code"] == "GRAPHQL_VALIDATION_FAILED"
