"""What providers and topics share: read by the ids in other documents, listed in pages."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from schema.context import Info
from schema.execution.batched import BatchResolver
from schema.execution.selection import Selection, selection_of
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
from store.audience import Audience
from store.documents import Document
from store.ids import name_in
from store.orders import TaxonomyOrder
from store.reading.store import Readers
from store.reading.taxonomies import TaxonomyReader


async def read_linked(
    reader: TaxonomyReader, ids: Sequence[str | None], key: str, selection: Selection
) -> list[Document | None]:
    """Return the providers or topics with these ids; None where there is none.

    An id ends with the document's `key` (`domain` or `slug`), so a query for nothing else needs no
    call.
    """
    if all(name in ("id", key) for name in selection):
        return [None if id_ is None else {"_id": id_, key: name_in(id_)} for id_ in ids]
    return await reader.get(ids, selection)


class TaxonomyList(NamedTuple):
    """The list of all providers or of all topics."""

    audience: Audience
    order: TaxonomyOrder

    @property
    def key(self) -> str:
        return f"{self.audience}|{self.order}"

    @property
    def sort_field(self) -> str:
        return f"sort.{self.order}"


def list_resolver(reader_of: Callable[[Readers], TaxonomyReader]) -> BatchResolver:
    """Return the resolver of the list of all providers or of all topics."""

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
            page = await reader_of(info.context.readers).page(order_by, window, fields)
            connection = connection_of(page, cursors, selection)
        return [connection for _ in parents]

    return resolve
