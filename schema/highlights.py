"""Where the words of a search were found in an item."""

from collections.abc import Sequence
from enum import Enum
from typing import Annotated

import strawberry

from schema.bodies import body_text
from schema.context import Info
from schema.execution.documents import document_field
from schema.filters import MAX_SEARCH_LENGTH
from schema.names import bounded
from store.documents import Document
from store.reading.listing import Conditions, Listing
from store.reading.search import Excerpt


@strawberry.enum(description="A field of an item in which words are found.")
class HighlightField(Enum):
    TITLE = strawberry.enum_value("title", description="`Item.title`.")
    EXCERPT = strawberry.enum_value("excerpt", description="`Item.excerpt`.")
    BODY = strawberry.enum_value("body", description="The body's text, without its markup.")


@strawberry.type(
    description=("A piece of a text, without markup. Escape it before you show it as HTML.")
)
class HighlightPiece:
    text: str = document_field(description="The text.")
    is_match: bool = document_field(description="Whether a word of the search was found here.")


@strawberry.type(description="A part of a text in which words of a search were found.")
class Highlight:
    field: HighlightField = document_field(
        description=("The field of the item that the part comes from.")
    )
    pieces: list[HighlightPiece] = document_field(
        description=(
            "The part, split into pieces that match and pieces that do not. Joined, they are the "
            "whole part."
        )
    )
    starts_text: bool = document_field(
        description="Whether the text begins here. If not, show an ellipsis before it."
    )
    ends_text: bool = document_field(
        description="Whether the text ends here. If not, show an ellipsis after it."
    )


async def highlights(
    parents: Sequence[Document],
    info: Info,
    search: Annotated[
        str, strawberry.argument(description="The words, as in `ItemFilter.search`.")
    ],
) -> list[list[Document]]:
    """Return the parts of each item in which words were found, title first."""
    words = bounded(search, MAX_SEARCH_LENGTH, "search").strip()
    index = info.context.readers.search
    if not words or index is None:
        return [[] for _ in parents]
    audience = info.context.audience
    marking = await index.for_words(audience)
    listing = Listing(audience, Conditions(search=words))
    bodies = await body_text(parents, info)
    texts = [
        (text if isinstance(text, str) else "", item.get("locale"))
        for item, body in zip(parents, bodies, strict=True)
        for text in (item.get("title"), item.get("excerpt"), body)  # as in HighlightField
    ]
    found = iter(await marking.excerpts(listing, texts))
    return [
        [_highlight(field, part) for field in HighlightField for part in next(found)]
        for _ in parents
    ]


def _highlight(field: HighlightField, part: Excerpt) -> Document:
    return {
        "field": field,
        "pieces": [{"text": text, "isMatch": is_match} for text, is_match in part.pieces],
        "startsText": part.starts_text,
        "endsText": part.ends_text,
    }
