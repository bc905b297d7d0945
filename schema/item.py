"""Items, and the related entries that they embed."""

from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any

import strawberry

from bodies.rendering import MAX_BODY, BodyFormat
from schema.author import Author
from schema.bodies import body_format, body_html, body_text, summary
from schema.context import Info
from schema.errors import bad_input
from schema.execution.batched import batched
from schema.execution.documents import DictObject, document_field
from schema.execution.selection import selection_of
from schema.highlights import Highlight, highlights
from schema.image import Image
from schema.item_connection import ItemConnection, related_by
from schema.item_projection import item_projection
from schema.json_ld import json_ld
from schema.limits.scans import scan_cost
from schema.limits.sizes import assumed_size
from schema.provider import Provider
from schema.relay import MAX_PAGE_SIZE, Node
from schema.scalars import JSON
from schema.scan_costs import BODY
from schema.status import ItemStatus
from schema.stored_fields import stored_fields
from schema.taxonomies import link, links
from schema.topic import Topic
from store.audience import Audience
from store.documents import Document
from store.fields import ITEM, RELATED, SECURED
from store.schedule import Status
from store.taxonomies import AUTHORS, PROVIDERS, TOPICS

FirstEmbedded = Annotated[
    int | None,
    strawberry.argument(
        description=f"The maximum number, from the start: 0 to {MAX_PAGE_SIZE}. All if absent."
    ),
]


def _images(
    parents: Sequence[Document], info: Info, first: FirstEmbedded = None
) -> list[list[Document]]:
    found = _embedded("images", parents, first)
    if "url" not in selection_of(info):
        return found
    whole = info.context.pictures.whole
    return [
        whole(images, parent.get("webUrl")) for images, parent in zip(found, parents, strict=True)
    ]


def _related(
    parents: Sequence[Document], info: Info, first: FirstEmbedded = None
) -> list[list[Document]]:
    return _embedded("related", parents, first)


def _embedded(key: str, parents: Sequence[Document], first: int | None) -> list[list[Document]]:
    if first is not None and not 0 <= first <= MAX_PAGE_SIZE:
        raise bad_input(
            f"`first` is {first}, but must be from 0 to {MAX_PAGE_SIZE}. Leave it out to get all."
        )
    return [parent.get(key, [])[:first] for parent in parents]


def _linked_ids(parents: Sequence[Document]) -> Iterator[str]:
    return (entry["ref"] for entry in parents if entry.get("ref"))


async def _linked_item(parents: Sequence[Document], info: Info) -> list[Document | None]:
    ids = [entry.get("ref") for entry in parents]
    return await info.context.readers.items.get(ids, item_projection(selection_of(info)))


def _byline(parents: Sequence[Document], info: Info) -> list[str | None]:
    return [(parent.get("provider") or {}).get("name") for parent in parents]


def _status(parents: Sequence[Document], info: Info) -> list[Status]:
    return [
        Status.PUBLISHED if parent["published"] else Status(parent.get("status", Status.DRAFT))
        for parent in parents
    ]


def _editors_only(key: str) -> Callable[..., Any]:
    def resolve(parents: Sequence[Document], info: Info) -> list[Any]:
        if info.context.audience is Audience.PUBLIC:
            return [None] * len(parents)
        return [parent.get(key) for parent in parents]

    resolve.__name__ = key
    return resolve


@strawberry.type(
    description=(
        "An entry that an item lists as related, described as in that item's file. It may link to "
        "an item that is loaded (`item`) or to a page elsewhere."
    )
)
@stored_fields(RELATED)
class RelatedItem:
    """The plain fields of `RELATED`, and those that need a resolver."""

    provider: Provider | None = link(PROVIDERS, RELATED["provider"].description)
    byline: str | None = batched(description="The provider's name as the entry has it.")(_byline)
    images: list[Image] = batched(
        description=RELATED["images"].description, metadata=assumed_size(2)
    )(_images)
    item: Annotated["Item", strawberry.lazy("schema.item")] | None = batched(
        description="The item at `webUrl`. Null if it is not loaded or you may not see it.",
        ids_of=_linked_ids,
    )(_linked_item)


@strawberry.type(description="A payload that only its publisher can decrypt.")
@stored_fields(SECURED)
class Secured:
    """Its fields are those of `SECURED`."""


@strawberry.type(description="A news item: an article, a video, a course, a person's profile …")
@stored_fields(ITEM)
class Item(DictObject, Node):
    """The plain fields of `ITEM`, and those that need a resolver."""

    body_format: BodyFormat | None = batched(
        description="The format of `body`. Null if there is no body."
    )(body_format)
    body_html: str | None = batched(
        description="The body as HTML that is safe to show: it has no scripts, styles or embedded "
        "pages. Relative links are resolved against `webUrl`. Null, with an error, if the body "
        f"has more than {MAX_BODY:,} characters.",
        metadata=scan_cost(BODY),
    )(body_html)
    body_text: str | None = batched(
        description="The body's text without markup: a line for each paragraph, heading and list "
        "item. Null, with an error, if the body is too long for `bodyHtml`.",
        metadata=scan_cost(BODY),
    )(body_text)
    summary: str | None = batched(
        description="The `excerpt` or, if there is none, the text of the body's first paragraph."
    )(summary)
    word_count: int | None = document_field(
        description="How many words the body has. In Chinese and Japanese, each character "
        "counts as a word. Null if there is no body."
    )
    reading_minutes: int | None = document_field(
        description="How many minutes it takes to read the body, at 213 words, or 500 Chinese or "
        "Japanese characters, a minute. Null if there is no body."
    )
    highlights: list[Highlight] | None = batched(
        description=(
            "The parts of its title, excerpt and body in which the words of a search are found. "
            "Empty if there are none, or if the server has no search index."
        ),
        metadata={**scan_cost(BODY), **assumed_size(3)},
    )(highlights)
    provider: Provider | None = link(PROVIDERS, ITEM["provider"].description)
    byline: str | None = batched(
        description=(
            "The provider's name as the item's file has it, such as a desk or a column. In "
            "contrast, `provider.name` is the same for all items of a domain."
        )
    )(_byline)
    topics: list[Topic] | None = links(TOPICS, ITEM["topics"].description, assumed=4)
    authors: list[Author] | None = links(AUTHORS, ITEM["authors"].description, assumed=2)
    images: list[Image] = batched(description=ITEM["images"].description, metadata=assumed_size(4))(
        _images
    )
    related: list[RelatedItem] = batched(
        description=ITEM["related"].description, metadata=assumed_size(4)
    )(_related)
    related_by: ItemConnection | None = batched(
        description="The items that list this one as related, newest first.", by_id=True
    )(related_by)
    json_ld: JSON = batched(
        description="The item as a NewsArticle of schema.org, for search engines. Before you "
        "write it into a `script` element, replace each `<` with `\\u003c`."
    )(json_ld)
    status: ItemStatus = batched(
        description=(
            "Whether the public sees it and, if not, why. Callers who are not editors always get "
            "PUBLISHED."
        )
    )(_status)
    secured: Secured | None = batched(description=ITEM["secured"].description)(
        _editors_only("secured")
    )
    extra: JSON | None = batched(
        description="The keys of its file that this type has no field for. Null unless you are an "
        "editor."
    )(_editors_only("extra"))
    path: str | None = batched(
        description="The path of its file, relative to the folder that was loaded. Null unless "
        "you are an editor."
    )(_editors_only("path"))
