"""What providers, topics and authors share: read by the ids in other documents, listed, counted."""

from collections.abc import Sequence
from itertools import chain
from typing import Any, NamedTuple

from schema.context import Info
from schema.execution.batched import BatchResolver, batched
from schema.execution.selection import Selection, selection_of
from schema.limits.scans import scan_cost
from schema.orders import TaxonomyOrderArgument
from schema.relay import (
    PAGE_FIELDS,
    After,
    Before,
    ConnectionDocument,
    Cursors,
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

    An id ends with the document's key (`domain` or `slug`), so a query for nothing else needs no
    call.
    """
    key = taxonomy.key
    if all(name in ("id", key) for name in selection):
        return [None if id_ is None else {"_id": id_, key: name_in(id_)} for id_ in ids]
    return await info.context.readers.of(taxonomy).get(ids, selection)


def link_resolver(taxonomy: Taxonomy) -> BatchResolver:
    """Return the resolver of the one document that each item or related entry links to."""

    async def resolve(parents: Sequence[Document], info: Info) -> list[Document | None]:
        ids = [(parent.get(taxonomy.field) or {}).get("id") for parent in parents]
        return await read_linked(taxonomy, ids, info, selection_of(info))

    return resolve


def links_resolver(taxonomy: Taxonomy) -> BatchResolver:
    """Return the resolver of the list of documents that each item links to."""

    async def resolve(parents: Sequence[Document], info: Info) -> list[list[Document]]:
        links = [item.get(taxonomy.field) or [] for item in parents]
        ids = [link["id"] for link in chain.from_iterable(links)]
        found = iter(await read_linked(taxonomy, ids, info, selection_of(info)))
        return [[document for _ in link if (document := next(found))] for link in links]

    return resolve


def total_count(taxonomy: Taxonomy) -> Any:
    """Declare the field for the number of all documents."""

    async def resolve(parents: Sequence[object], info: Info) -> list[int]:
        count = await info.context.readers.of(taxonomy).count()
        return [count for _ in parents]

    return batched(
        description=f"How many {taxonomy.collection} there are.", metadata=scan_cost(COUNT)
    )(resolve)


class TaxonomyList(NamedTuple):
    """The list of all documents of a taxonomy."""

    audience: Audience
    order: TaxonomyOrder

    @property
    def key(self) -> str:
        return f"{self.audience}|{self.order}"

    @property
    def sort_field(self) -> str:
        return f"sort.{self.order}"


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
    ) -> list[ConnectionDocument]:
        selection = selection_of(info)
        cursors = Cursors(TaxonomyList(info.context.audience, order_by))
        window = window_of(Paging(first, after, last, before), cursors, selection)
        connection: ConnectionDocument = {}
        if not PAGE_FIELDS.isdisjoint(selection):
            fields = {*selection.below("nodes"), *selection.below("edges", "node")}
            reader = info.context.readers.of(taxonomy)
            page = await reader.page(order_by, window, fields)
            connection = connection_of(page, cursors, selection)
        return [connection for _ in parents]

    return resolve
