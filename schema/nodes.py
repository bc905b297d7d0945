"""Reading objects of any type by their ids."""

from collections.abc import Sequence
from itertools import chain

from schema.context import Info
from schema.execution.selection import Selection
from schema.item_projection import item_projection
from store.documents import Document
from store.ids import kind_in
from store.reading.gather import gather
from store.taxonomies import TAXONOMIES


async def nodes_of(ids: Sequence[str], info: Info, selection: Selection) -> list[Document | None]:
    """Return the objects with these ids, in their order; None for those that are not visible."""
    by_kind: dict[str, list[str]] = {}
    for id_ in dict.fromkeys(ids):
        by_kind.setdefault(kind_in(id_), []).append(id_)
    found = await gather(*(_read(kind, group, info, selection) for kind, group in by_kind.items()))
    documents = dict(
        zip(chain.from_iterable(by_kind.values()), chain.from_iterable(found), strict=True)
    )
    return [documents[id_] for id_ in ids]


async def _read(
    kind: str, ids: Sequence[str], info: Info, selection: Selection
) -> Sequence[Document | None]:
    readers = info.context.readers
    if kind == "item":
        return await readers.items.get(ids, item_projection(selection))
    for taxonomy in TAXONOMIES:
        if kind == taxonomy.kind:
            return await readers.of(taxonomy).get(ids, selection)
    return [None] * len(ids)
