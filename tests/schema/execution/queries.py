"""Made-up queries for any schema: fragments, aliases, directives, variables, several levels."""

import random
from collections.abc import Callable, Sequence
from typing import Any
from zlib import crc32

from graphql import GraphQLField, GraphQLSchema, get_named_type, is_composite_type

# Returns the text between the parentheses of a field.
Arguments = Callable[[str, GraphQLField, random.Random], str]

VARIABLE_TYPES = {"yes": "Boolean!", "no": "Boolean = false", "two": "Int!", "unset": "Int"}
VARIABLES = {"yes": True, "two": 2}


class QueryWriter:
    """Writes a query that is valid for `schema`."""

    def __init__(self, schema: GraphQLSchema, chance: random.Random, arguments: Arguments) -> None:
        self.schema = schema
        self.chance = chance
        self.arguments = arguments
        self.fragments: list[str] = []

    def query(self, depth: int, directives: str = "") -> str:
        """Write a query of at most `depth` levels below its root fields."""
        body = self._selection("Query", depth)
        text = " ".join([body, *self.fragments])
        used = [f"${name}: {type_}" for name, type_ in VARIABLE_TYPES.items() if f"${name}" in text]
        variables = f"({', '.join(used)})" if used else ""
        return f"query {variables} {directives} {text}"

    def _selection(self, name: str, depth: int) -> str:
        chance = self.chance
        parts = ["__typename"] if chance.random() < 0.3 else []
        fields = list(getattr(self.schema.type_map[name], "fields", {}).items())
        for field, definition in chance.choices(fields, k=chance.randint(1, 4) if fields else 0):
            below = ""
            if is_composite_type(named := get_named_type(definition.type)):
                if depth == 0:
                    continue
                below = self._selection(named.name, depth - 1)
            arguments = self.arguments(field, definition, chance)
            alias = f"{field}_{crc32(arguments.encode()):x}: " if arguments else ""
            if not arguments and chance.random() < 0.2:
                alias = f"{field}_again: "
            given = f"({arguments})" if arguments else ""
            parts.append(f"{alias}{field}{given}{self._directive()} {below}")
        if name != "Query" and depth:
            parts += self._fragments(self._overlapping(name), depth)
        return f"{{ {' '.join(parts or ['__typename'])} }}"

    def _fragments(self, names: Sequence[str], depth: int) -> list[str]:
        parts = []
        for name in names:
            if self.chance.random() < 0.4:
                inside = self._selection(name, depth - 1)
                if self.chance.random() < 0.5:
                    parts.append(f"... on {name}{self._directive()} {inside}")
                else:
                    self.fragments.append(f"fragment F{len(self.fragments)} on {name} {inside}")
                    parts.append(f"...F{len(self.fragments) - 1}{self._directive()}")
        return parts

    def _overlapping(self, name: str) -> list[str]:
        type_: Any = self.schema.type_map[name]
        possible = getattr(type_, "types", None) or (
            self.schema.get_possible_types(type_) if not hasattr(type_, "is_type_of") else [type_]
        )
        interfaces = [interface.name for interface in getattr(type_, "interfaces", ())]
        return [*(member.name for member in possible), *interfaces]

    def _directive(self) -> str:
        if self.chance.random() < 0.85:
            return ""
        condition = self.chance.choice(["true", "false", "$yes", "$no"])
        return f" @{self.chance.choice(['skip', 'include'])}(if: {condition})"
