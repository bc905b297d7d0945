"""What providers and topics share: found by the ids in other documents, listed by name."""

from collections.abc import Callable, Sequence

from schema.context import Context, Info
from schema.execution.batched import BatchResolver
from schema.execution.selection import Selection, selection_of
from schema.filters import NamedOrder, NamedOrderArgument
from schema.relay import After, Before, Cursors, First, Last, connection_of, window_of
from store.documents import Document
from store.reading.store import Store
from store.reading.taxonomies import TaxonomyOrder as StoreTaxonomyOrder
from store.reading.taxonomies import TaxonomyReader


async def find_named(
    reader: TaxonomyReader,
    links: Sequence[Document | None],
    key: str,
    context: Context,
    selection: Selection,
) -> list[Document | None]:
    """Give the documents that some links (`{"id": ...}`) point at, as the audience knows them.

    An id ends with the document's `key` (`domain`, `slug`): when no more is asked for than that,
    nothing is read.
    """
    if not selection.keys() - {"id", key}:
        return [link and {"_id": link["id"], key: link["id"].partition(":")[2]} for link in links]
    found = iter(
        await context.lookup(reader, selection).get([link["id"] for link in links if link])
    )
    return [link and next(found) for link in links]


def all_named(reader_of: Callable[[Store], TaxonomyReader]) -> BatchResolver:
    """Make the resolver of the list of all providers or all topics, which `reader_of` reads."""

    async def page(
        parents: Sequence[Document | None],
        info: Info,
        order_by: NamedOrderArgument = NamedOrder.NAME,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> list[Document]:
        audience, selection = info.context.audience, selection_of(info)
        order = StoreTaxonomyOrder(str(order_by.value))
        cursors = Cursors((audience, order), f"sort.{order}")
        paging = {"first": first, "after": after, "last": last, "before": before}
        window = window_of(paging, cursors, selection)
        connection: Document = {}
        if selection.keys() & {"edges", "nodes", "pageInfo"}:
            fields = {*selection.below("nodes"), *selection.below("edges", "node")}
            found = await reader_of(info.context.store).page(audience, order, window, fields)
            connection = connection_of(found, cursors, selection)
        return [connection for _ in parents]

    return page
