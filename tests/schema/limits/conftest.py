"""A schema of books and authors, with every way of sizing a list."""

from types import SimpleNamespace
from typing import Protocol

import pytest
from graphql import (
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    parse,
)

from schema.limits.cost import QueryCost
from schema.limits.limits import Limits
from schema.limits.outline import read_outline
from schema.limits.pricing import Pricing
from schema.limits.scans import scan_cost
from schema.limits.sizes import Sizes, assumed_size

COUNT = 50
SEARCH = 1_000

SDL = """
type Query {
  book: Book
  thing: Thing
  things(ids: [ID!]!): [Thing]!
  books(first: Int, last: Int): Books!
  few(first: Int = 3): [Book!]!
  found(first: Int, filter: Filter): Books!
}
input Filter { search: String kinds: [String!] }
interface Thing { id: ID! book: Book }
type Book implements Thing {
  id: ID! title: String book: Book
  author: Author!
  authors: [Author!]!
  grid: [[Author!]!]!
  books(first: Int, last: Int): Books!
  tags: [String!]!
  readers(first: Int): [Author!]!
}
type Author implements Thing { id: ID! name: String book: Book few(first: Int = 3): [Book!]! }
type Books { edges: [Edge!]! nodes: [Book!]! pageInfo: PageInfo! facets: Facets! totalCount: Int! }
type Edge { node: Book! cursor: String! }
type PageInfo { hasNextPage: Boolean! }
type Facets { kinds(first: Int = 10): [Kind!]! months: [Kind!]! }
type Kind { name: String }
"""


class Price(Protocol):
    """Prices the first operation of a query on the library."""

    def __call__(
        self, text: str, *, limits: Limits | None = None, **variables: object
    ) -> QueryCost: ...


@pytest.fixture(scope="session")
def library() -> GraphQLSchema:
    schema = build_schema(SDL)
    book, books, filter_ = (schema.type_map[name] for name in ("Book", "Books", "Filter"))
    assert isinstance(book, GraphQLObjectType)
    assert isinstance(books, GraphQLObjectType)
    assert isinstance(filter_, GraphQLInputObjectType)
    declare(book.fields["authors"], assumed_size(2))
    declare(book.fields["readers"], assumed_size(4))
    declare(books.fields["totalCount"], scan_cost(COUNT))
    declare(filter_.fields["search"], scan_cost(SEARCH))
    return schema


def declare(field: GraphQLField | GraphQLInputField, metadata: dict[str, int]) -> None:
    """Give a field metadata, as Strawberry does."""
    field.extensions["strawberry-definition"] = SimpleNamespace(metadata=metadata)


@pytest.fixture(scope="session")
def price(library: GraphQLSchema) -> Price:
    def price(text: str, *, limits: Limits | None = None, **variables: object) -> QueryCost:
        outline = read_outline(parse(text))
        sizes = Sizes(library, limits or Limits())
        return Pricing(sizes, outline, outline.operations[0], variables).cost

    return price
