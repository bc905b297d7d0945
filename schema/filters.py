"""Which items a list holds and in which order: the arguments, and what the store makes of them."""

from datetime import datetime
from enum import Enum
from typing import Annotated, Any

import strawberry

from schema.context import Context
from schema.errors import ApiError, ErrorCode, bad_input
from store.audience import Audience
from store.documents import category_label, type_label
from store.ids import provider_id, topic_id
from store.reading import listing as store
from store.reading.listing import Listing
from store.reading.taxonomies import TaxonomyOrder as StoreTaxonomyOrder

MAX_VALUES = 50
MAX_SEARCH_LENGTH = 500


@strawberry.enum(description="The orders of a list of items. Ties are broken by the newest.")
class ItemOrder(Enum):
    """The store's orders, for clients."""

    NEWEST = strawberry.enum_value(
        store.ItemOrder.NEWEST, description="The latest published first; without a date, last."
    )
    OLDEST = strawberry.enum_value(
        store.ItemOrder.OLDEST, description="The earliest published first; without a date, last."
    )
    HOTTEST = strawberry.enum_value(
        store.ItemOrder.HOTTEST, description="The greatest `heat` first; without one, last."
    )
    BEST = strawberry.enum_value(
        store.ItemOrder.BEST, description="The greatest `quality` first; without one, last."
    )
    RELEVANCE = strawberry.enum_value(
        store.ItemOrder.RELEVANCE,
        description="What `filter.search` fits best first. Only together with `filter.search`.",
    )


@strawberry.enum(description="The orders of a list of providers or topics.")
class NamedOrder(Enum):
    """The store's orders of named things, for clients."""

    NAME = strawberry.enum_value(
        StoreTaxonomyOrder.NAME, description="By name, from A to Z; capitals make no difference."
    )
    MOST_ITEMS = strawberry.enum_value(
        StoreTaxonomyOrder.MOST_ITEMS, description="Those with the most items first, then by name."
    )


def _argument(description: str) -> Any:
    return strawberry.field(default=strawberry.UNSET, description=description)


@strawberry.input(
    description=(
        "Keeps a list to some of its items. A list of values means any of them; different fields "
        "mean all of them. A field that is absent, null or an empty list keeps everything. A list "
        f"has at most {MAX_VALUES} values."
    )
)
class ItemFilter:
    """The `filter` argument of every list of items."""

    search: str | None = _argument(
        "Words to find in the title (which counts most), excerpt or body, in any of their English "
        "forms. Any of the words will do. Put a phrase in double quotes, and a minus before a word "
        "that must not occur. Words such as `the` or `about` are passed over."
    )
    categories: list[str] | None = _argument(
        "Categories, such as `news`, spelled as `Item.category` is."
    )
    types: list[str] | None = _argument(
        "Types, such as `article` or `video`, spelled as `Item.type` is."
    )
    topics: list[str] | None = _argument(
        "Names or slugs of topics. Items of the topics below them are not included."
    )
    providers: list[str] | None = _argument(
        "Domains of providers, such as `news.example.com`, with or without `www.`."
    )
    published_after: datetime | None = _argument(
        "Published at this moment or later. Leaves out items without a date."
    )
    published_before: datetime | None = _argument(
        "Published before this moment, not at it. Leaves out items without a date."
    )
    min_quality: int | None = _argument(
        "With this `quality` or more. Leaves out items without one."
    )
    min_heat: int | None = _argument("With this `heat` or more. Leaves out items without one.")
    has_image: bool | None = _argument("With a picture (true) or without one (false).")
    published: bool | None = _argument(
        "Published (true) or not (false). Editors see both if it is absent; only they may ask for "
        "false."
    )


FilterArgument = Annotated[
    ItemFilter | None,
    strawberry.argument(description="Which items: without a filter, all of them."),
]
OrderArgument = Annotated[ItemOrder, strawberry.argument(description="In which order.")]
NamedOrderArgument = Annotated[NamedOrder, strawberry.argument(description="In which order.")]


def listing_of(context: Context, filter: ItemFilter | None, order: ItemOrder) -> Listing:
    """Turn a list's arguments into the store's terms. Raises ApiError for what makes no list."""
    wanted = _wanted(filter) if filter else store.ItemFilter()
    if order is ItemOrder.RELEVANCE and wanted.search is None:
        raise bad_input("`orderBy: RELEVANCE` needs words to compare with: give `filter.search`.")
    if wanted.published is False and context.audience is Audience.PUBLIC:
        raise ApiError(
            "Only editors may list unpublished items: send an editor's bearer token.",
            ErrorCode.FORBIDDEN,
        )
    return Listing(context.audience, wanted, store.ItemOrder(str(order.value)))


def _wanted(given: ItemFilter) -> store.ItemFilter:
    groups = [
        [category_label(name) for name in _values(given.categories, "categories")],
        [type_label(name) for name in _values(given.types, "types")],
        [topic_id(name) for name in _values(given.topics, "topics")],
        [provider_id(domain) for domain in _values(given.providers, "providers")],
    ]
    search = (given.search or "").strip()
    if len(search) > MAX_SEARCH_LENGTH:
        raise bad_input(f"`filter.search` is longer than {MAX_SEARCH_LENGTH} characters.")
    return store.ItemFilter(
        labels=tuple(tuple(sorted(set(group))) for group in groups if group),
        has_image=_given(given.has_image),
        published_after=_given(given.published_after),
        published_before=_given(given.published_before),
        min_quality=_given(given.min_quality),
        min_heat=_given(given.min_heat),
        published=_given(given.published),
        search=search or None,
    )


def _values(values: Any, name: str) -> list[str]:
    given: list[str] = _given(values) or []
    if len(given) > MAX_VALUES:
        raise bad_input(f"`filter.{name}` has {len(given)} values; {MAX_VALUES} are the most.")
    return given


def _given(value: Any) -> Any:
    return None if value is strawberry.UNSET else value
