"""The shape that all connections share."""

from typing import Generic, TypeVar

import strawberry

from schema.execution.documents import document_field
from schema.paging import PageInfo

NodeType = TypeVar("NodeType")


@strawberry.type(description="A place in a list: an object and the cursor that finds it again.")
class Edge(Generic[NodeType]):
    """One entry of a connection."""

    node: NodeType = document_field(description="The object.")
    cursor: str = document_field(
        description="This place in the list: give it as `after` or `before`. It stays good when "
        "items arrive, and when this one goes."
    )


@strawberry.type(description="One page of a list, as Relay's specification has it.")
class Connection(Generic[NodeType]):
    """One page of a list."""

    edges: list[Edge[NodeType]] = document_field(
        description="The page's objects, each with its cursor."
    )
    nodes: list[NodeType] = document_field(
        description="The page's objects alone: shorter, where `pageInfo`'s cursors are enough."
    )
    page_info: PageInfo = document_field(description="Where the page lies in its list.")
