"""Every argument of the schema, at every level, as a query that gives it a value."""

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
)


class Argument(NamedTuple):
    """An argument, or a field of one that is an input object."""

    name: str
    """Its position, such as `Query.items(filter.search)`."""
    type: str
    template: str
    """The query's selection, with VALUE where the value goes."""

    @property
    def is_selective(self) -> bool:
        """Whether it selects objects by a name or an id, so that an unknown one finds nothing."""
        return self.name.rstrip(")").endswith(
            (
                "id",
                "ids",
                "domain",
                "(name",
                ".categories",
                ".types",
                ".topics",
                ".authors",
                ".providers",
            )
        )

    def with_variable(self) -> str:
        """Return the query that takes the value as a variable."""
        return f"query ($value: {self.type}) {self.template.replace('VALUE', '$value')}"

    def with_literal(self, literal: str) -> str:
        """Return the query that contains the value."""
        return self.template.replace("VALUE", literal)


def arguments(schema: GraphQLSchema) -> Iterator[Argument]:
    """Yield every argument of every field of every type that a query can reach."""
    assert schema.query_type
    reached = {schema.query_type.name}
    pending = deque([(schema.query_type, "{FIELD}")])
    while pending:
        parent, template = pending.popleft()
        for name, field in parent.fields.items():
            type_ = get_named_type(field.type)
            for argument, value_type, value in _values(field):
                call = f"{name}({argument.partition('.')[0]}: {value}) {_selection(type_)}"
                yield Argument(
                    f"{parent.name}.{name}({argument})",
                    value_type,
                    template.replace("FIELD", call),
                )
            if not isinstance(type_, GraphQLObjectType) or type_.name in reached:
                continue
            # Other fields with arguments may require one whose value is not known here.
            if not field.args or "first" in field.args:
                reached.add(type_.name)
                few = "(first: 3)" if "first" in field.args else ""
                pending.append((type_, template.replace("FIELD", f"{name}{few} {{FIELD}}")))


def _values(field: GraphQLField) -> Iterator[tuple[str, str, str]]:
    """Yield the name, the type and the template of each value that a field takes."""
    for name, argument in field.args.items():
        yield name, str(argument.type), "VALUE"
        type_ = get_named_type(argument.type)
        if isinstance(type_, GraphQLInputObjectType):
            for key, member in type_.fields.items():
                yield f"{name}.{key}", str(member.type), f"{{{key}: VALUE}}"


def _selection(type_: object) -> str:
    """Return a selection that shows how many objects were found."""
    fields = getattr(type_, "fields", {})
    if "totalCount" in fields:
        return "{totalCount nodes {id}}"
    return "{id}" if "id" in fields else "{__typename}" if fields else ""
