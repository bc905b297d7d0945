"""Relay's Node: everything that has an id, found again by it."""

from typing import Any

import strawberry
from graphql import GraphQLAbstractType, GraphQLResolveInfo

from schema.execution.documents import document_field
from store.connection import Document

_TYPES = {"item": "Item", "provider": "Provider", "topic": "Topic"}


def kind_of(id_: str) -> str:
    """Give the kind of thing an id names: `item`, `provider`, `topic`, or something unknown."""
    return id_.partition(":")[0]


@strawberry.interface(
    description="Anything with an id that stays: give it to `node` to find the object again."
)
class Node:
    """Relay's Object Identification: https://relay.dev/graphql/objectidentification.htm."""

    id: strawberry.ID = document_field(
        description="The object's id, unique in the whole graph and the same after every load.",
        key="_id",
    )

    @classmethod
    def resolve_type(
        cls, document: Document, info: GraphQLResolveInfo[Any], type_: GraphQLAbstractType
    ) -> str:
        """Tell a document's type by its id."""
        return _TYPES[kind_of(document["_id"])]
