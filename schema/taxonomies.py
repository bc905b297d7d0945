"""What providers, topics and authors share: read by the ids in other documents, listed, counted."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from schema.context import Info
from schema.cursors import Cursors
from schema.execution.batched import BatchResolver, batched
from schema.execution.selection import Selection, selection_of
from schema.limits.scans import scan_cost
from schema.limits.sizes import assumed_size
from schema.orders import TaxonomyOrderArgument
from schema.relay import (
    PAGE_FIELDS,
    After,
    Before,
    ConnectionDocument,
    First,
    Last,
    Paging,
    connection_of,
    window_of,
)
from schema.scan_costs import COUNT
from store.audience import Audience
from store.documents import Document
from store.ids import name_in
from store.orders import TaxonomyOrder
from store.taxonomies import Taxonomy


async def read_linked(
    taxonomy: Taxonomy, ids: Sequence[str | None], info: Info, selection: Selection
) -> list[Document | None]:
    """Return the documents with these ids; None where there is none.

    An id ends with the document's key (`domain` or `slug`), and a list of items needs nothing but
    the id, so a query for nothing else needs no call.
    """
    key = taxonomy.key
    if selection.keys() <= {"id", "items", key}:
        return [None if id_ is None else {"_id": id_, key: name_in(id_)} for id_ in ids]
    return await info.context.readers.of(taxonomy).get(ids, selection)


def link(taxonomy: Taxonomy, description: str) -> Any:
    """Declare the field for the one document that each item or related entry links to."""

    def ids_of(parents: Sequence[Document]) -> Iterator[str]:
        return (link["id"] for parent in parents if (link := parent.get(taxonomy.field)))

    async def resolve(parents: Sequence[Document], info: Info) -> list[Document | None]:
        ids = [(parent.get(taxonomy.field) or {}).get("id") for parent in parents]
        return await read_linked(taxonomy, ids, info, selection_of(info))

    return batched(description=description, ids_of=ids_of)(resolve)


def links(taxonomy: Taxonomy, description: str, *, assumed: int) -> Any:
    """Declare the field for the list of documents that each item links to.

    `assumed` is how many the price of a query counts for an item.
    """

    def ids_of(parents: Sequence[Document]) -> Iterator[str]:
        return (link["id"] for parent in parents for link in parent.get(taxonomy.field) or ())

    async def resolve(parents: Sequence[Document], info: Info) -> list[list[Document]]:
        found = iter(await read_linked(taxonomy, list(ids_of(parents)), info, selection_of(info)))
        return [
            [document for _ in item.get(taxonomy.field) or () if (document := next(found))]
            for item in parents
        ]

    metadata = assumed_size(assumed)
    return batched(description=description, ids_of=ids_of, metadata=metadata)(resolve)


def total_count(taxonomy: Taxonomy, description: str | None = None) -> Any:
    """Declare the field for the number of all documents, or of a list's."""

    async def resolve(parents: Sequence[Mapping[str, Any]], info: Info) -> list[int]:
        roots = bool(parents[0].get("roots"))  # the parents of one field are the same list
        count = await info.context.readers.of(taxonomy).count(roots=roots)
        return [count for _ in parents]

    return batched(
        description=description or f"How many {taxonomy.collection} there are.",
        metadata=scan_cost(COUNT),
    )(resolve)


class TaxonomyList(NamedTuple):
    """The list of all documents of a taxonomy, or of its roots."""

    audience: Audience
    order: TaxonomyOrder
    roots: bool = False

    @property
    def key(self) -> str:
        return f"{self.audience}|{self.order}{'|roots' if self.roots else ''}"

    @property
    def sort_field(self) -> str:
        return f"sort.{self.order}"


class TaxonomyConnection(ConnectionDocument):
    """The connection of a taxonomy's list, from which `totalCount` starts."""

    roots: bool


def list_resolver(taxonomy: Taxonomy) -> BatchResolver:
    """Return the resolver of the list of all documents."""

    async def resolve(
        parents: Sequence[Document | None],
        info: Info,
        order_by: TaxonomyOrderArgument = TaxonomyOrder.NAME,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> list[TaxonomyConnection]:
        listed = TaxonomyList(info.context.audience, order_by)
        connection = await read_page(taxonomy, listed, Paging(first, after, last, before), info)
        return [connection for _ in parents]

    return resolve


async def read_page(
    taxonomy: Taxonomy, listed: TaxonomyList, paging: Paging, info: Info
) -> TaxonomyConnection:
    """Return a page of a taxonomy's list, read only if a field of it is selected."""
    selection = selection_of(info)
    cursors = Cursors(listed)
    window = window_of(paging, cursors, selection)
    if PAGE_FIELDS.isdisjoint(selection):
        return {"roots": listed.roots}
    fields = {*selection.below("nodes"), *selection.below("edges", "node")}
    reader = info.context.readers.of(taxonomy)
    page = await reader.page(listed.order, window, fields, roots=listed.roots)
    return {"roots": listed.roots, **connection_of(page, cursors, selection)}
