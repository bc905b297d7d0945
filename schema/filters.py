"""The arguments that choose a list of items, translated into the store's terms."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any, TypeVar

import strawberry

from schema.context import Context
from schema.errors import ApiError, ErrorCode, bad_input
from schema.limits.scans import scan_cost
from schema.names import author_id_of, bounded, name, provider_id_of, topic_id_of
from schema.scan_costs import SEARCH
from store.audience import Audience
from store.documents import category_label, type_label
from store.orders import ItemOrder
from store.reading.listing import Conditions, Listing

MAX_FILTER_VALUES = 50
MAX_SEARCH_LENGTH = 500

Value = TypeVar("Value")


def _argument(description: str, metadata: Mapping[str, object] | None = None) -> Any:
    return strawberry.field(default=strawberry.UNSET, description=description, metadata=metadata)


@strawberry.input(
    description=(
        "Restricts a list of items. An item must match every field that is given, and one of the "
        "values where the field is a list. A field that is absent, null or an empty list is "
        f"ignored. A list may have at most {MAX_FILTER_VALUES} values."
    )
)
class ItemFilter:
    """The `filter` argument of every list of items."""

    search: str | None = _argument(
        "Words to find in the title (which counts most), the excerpt or the body. Items with any "
        "of the words match, in any English form of them. Put a phrase in double quotes, and a "
        "minus sign before a word that must not occur. Words such as `the` or `about` are ignored.",
        scan_cost(SEARCH),
    )
    categories: list[str] | None = _argument(
        "Categories, such as `news`, spelled exactly as in `Item.category`."
    )
    types: list[str] | None = _argument(
        "Types, such as `article` or `video`, spelled exactly as in `Item.type`."
    )
    topics: list[str] | None = _argument(
        "Names or slugs of topics. Items of their subtopics are not included."
    )
    authors: list[str] | None = _argument("Names or slugs of authors.")
    providers: list[str] | None = _argument(
        "Domains of providers, such as `news.example.com`, with or without `www.`."
    )
    published_after: datetime | None = _argument(
        "Published at or after this time. Excludes items without a date."
    )
    published_before: datetime | None = _argument(
        "Published before this time (exclusive). Excludes items without a date."
    )
    min_quality: int | None = _argument("With at least this `quality`. Excludes items without one.")
    min_heat: int | None = _argument("With at least this `heat`. Excludes items without one.")
    has_image: bool | None = _argument("With an image (true) or without one (false).")
    published: bool | None = _argument(
        "Published (true) or unpublished (false). Only editors may use false. If it is absent, "
        "editors get both."
    )


FilterArgument = Annotated[
    ItemFilter | None,
    strawberry.argument(description="Restricts the list. Without a filter, it has all items."),
]


def listing_of(context: Context, filter: ItemFilter | None, order: ItemOrder) -> Listing:
    """Return the list that a field's arguments describe. Raises ApiError if they cannot be used."""
    conditions = _conditions(filter) if filter else Conditions()
    if order is ItemOrder.RELEVANCE and conditions.search is None:
        raise bad_input("`orderBy: RELEVANCE` requires a search: add `filter.search`.")
    if conditions.published is False and context.audience is Audience.PUBLIC:
        raise ApiError(
            "Only editors may list unpublished items: send an editor's bearer token.",
            ErrorCode.FORBIDDEN,
        )
    return Listing(context.audience, conditions, order)


def _conditions(filter: ItemFilter) -> Conditions:
    groups = [
        _labels(filter.categories, "filter.categories", lambda *text: category_label(name(*text))),
        _labels(filter.types, "filter.types", lambda *text: type_label(name(*text))),
        _labels(filter.topics, "filter.topics", topic_id_of),
        _labels(filter.authors, "filter.authors", author_id_of),
        _labels(filter.providers, "filter.providers", provider_id_of),
    ]
    search = bounded(_or_none(filter.search) or "", MAX_SEARCH_LENGTH, "filter.search").strip()
    return Conditions(
        labels=tuple(tuple(sorted(set(group))) for group in groups if group),
        has_image=_or_none(filter.has_image),
        published_after=_or_none(filter.published_after),
        published_before=_or_none(filter.published_before),
        min_quality=_or_none(filter.min_quality),
        min_heat=_or_none(filter.min_heat),
        published=_or_none(filter.published),
        search=search or None,
    )


def _labels(values: list[str] | None, argument: str, label: Callable[[str, str], str]) -> list[str]:
    values = _or_none(values) or []
    if len(values) > MAX_FILTER_VALUES:
        raise bad_input(
            f"`{argument}` has {len(values)} values; at most {MAX_FILTER_VALUES} are allowed."
        )
    return [label(value, argument) for value in values]


def _or_none(value: Value | None) -> Value | None:
    return None if value is strawberry.UNSET else value
