"""Suggestions for what somebody is typing into a search box."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Final

import strawberry

from schema.context import Info
from schema.errors import ApiError, ErrorCode, bad_input
from schema.execution.documents import document_field
from schema.execution.selection import selection_of
from schema.filters import MAX_SEARCH_LENGTH
from schema.names import bounded
from schema.nodes import nodes_of
from schema.relay import Node
from store.documents import Document
from store.ids import kind_in
from store.reading.gather import gather
from store.taxonomies import TAXONOMIES

DEFAULT_SUGGESTIONS: Final = 10
MAX_SUGGESTIONS: Final = 20


@strawberry.type(
    description=("A topic, provider, author or item that matches the text typed so far.")
)
class Suggestion:
    text: str = document_field(description="The object's name, or the item's title.")
    item_count: int = document_field(description="How many items it has; 1 for an item.")
    node: Node = document_field(description="The object itself.")


async def suggest(
    parents: Sequence[None],
    info: Info,
    prefix: Annotated[
        str,
        strawberry.argument(description="The text typed so far. Its last word may be incomplete."),
    ],
    first: Annotated[
        int,
        strawberry.argument(description=f"The maximum number: 1 to {MAX_SUGGESTIONS}."),
    ] = DEFAULT_SUGGESTIONS,
) -> list[list[Document]]:
    """Return what begins with the words typed so far."""
    if not 1 <= first <= MAX_SUGGESTIONS:
        raise bad_input(f"`first` is {first}, but must be from 1 to {MAX_SUGGESTIONS}.")
    bounded(prefix, MAX_SEARCH_LENGTH, "prefix")
    index = info.context.readers.search
    if index is None:
        message = "Suggestions need a search index, which this server does not have."
        raise ApiError(message, ErrorCode.UNAVAILABLE)
    audience = info.context.audience
    search = await index.for_words(audience)
    found = await search.suggest(audience, prefix, first)
    ids = [suggestion.id for suggestion in found]
    nodes = await nodes_of(ids, info, selection_of(info).below("node"))
    texts = await _texts_of(ids, info)
    return [
        [
            {"text": text, "itemCount": suggestion.items, "node": node}
            for suggestion, node in zip(found, nodes, strict=True)
            if node is not None and (text := texts.get(suggestion.id)) is not None
        ]
        for _ in parents
    ]


async def _texts_of(ids: Sequence[str], info: Info) -> Mapping[str, str]:
    """Return the names and titles of the objects that are visible."""
    readers = info.context.readers
    reads = [readers.items.get([id_ for id_ in ids if kind_in(id_) == "item"], {"title": 1})]
    for taxonomy in TAXONOMIES:
        named = [id_ for id_ in ids if kind_in(id_) == taxonomy.kind]
        reads.append(readers.of(taxonomy).get(named, ("name",)))
    return {
        document["_id"]: document.get("title") or document["name"]
        for documents in await gather(*reads)
        for document in documents
        if document is not None
    }
