"""The arguments that choose a list of items, translated into the store's terms."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, TypeVar

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.types.arguments import InputContext
from strawberry.types.base import get_object_definition

from schema.context import Context
from schema.errors import ApiError, ErrorCode, bad_input
from schema.limits.scans import scan_cost
from schema.names import author_id_of, bounded, name, provider_id_of, topic_id_of
from schema.scan_costs import SEARCH
from schema.site import Filters, filters_in, refuse_hidden, site_fields_of
from store.audience import Audience
from store.documents import category_label, type_label
from store.ids import MAX_URL_LENGTH
from store.orders import ItemOrder
from store.reading.listing import Conditions, Listing
from store.site_fields import SiteField

MAX_FILTER_VALUES = 50
MAX_SEARCH_LENGTH = 500

Value = TypeVar("Value")


def argument(
    description: str, metadata: Mapping[str, object] | None = None, name: str | None = None
) -> Any:
    """Declare a field of the filter."""
    return strawberry.field(
        default=strawberry.UNSET, name=name, description=description, metadata=metadata
    )


@strawberry.input(
    description=(
        "Restricts a list of items. An item must match every field that is given, and one of the "
        "values where the field is a list. A field that is absent, null or an empty list is "
        f"ignored. A list may have at most {MAX_FILTER_VALUES} values."
    )
)
class ItemFilter:
    """The `filter` argument of every list of items."""

    search: str | None = argument(
        "Words to find in the title (which counts most), the excerpt or the body. Items with any "
        "of the words match, in any English form of them. Put a phrase in double quotes, and a "
        "minus sign before a word that must not occur. Words such as `the` or `about` are ignored.",
        scan_cost(SEARCH),
    )
    categories: list[str] | None = argument(
        "Categories, such as `news`, spelled exactly as in `Item.category`."
    )
    types: list[str] | None = argument(
        "Types, such as `article` or `video`, spelled exactly as in `Item.type`."
    )
    topics: list[str] | None = argument(
        "Names or slugs of topics. Items of their subtopics are not included."
    )
    authors: list[str] | None = argument("Names or slugs of authors.")
    providers: list[str] | None = argument(
        "Domains of providers, such as `news.example.com`, with or without `www.`."
    )
    published_after: datetime | None = argument(
        "Published at or after this time. Excludes items without a date."
    )
    published_before: datetime | None = argument(
        "Published before this time (exclusive). Excludes items without a date."
    )
    min_quality: int | None = argument("With at least this `quality`. Excludes items without one.")
    min_heat: int | None = argument("With at least this `heat`. Excludes items without one.")
    has_image: bool | None = argument("With an image (true) or without one (false).")
    published: bool | None = argument(
        "Published (true) or unpublished (false). Only editors may use false. If it is absent, "
        "editors get both."
    )
    site: strawberry.Private[Filters] = ()


_DEFINITION = get_object_definition(ItemFilter, strict=True)
_NAMES = {
    StrawberryConfig().name_converter.get_graphql_name(field): field.python_name
    for field in _DEFINITION.fields
}


def _filter_of(_: type, given: Mapping[str, Any], context: InputContext) -> ItemFilter:
    """Return a filter of values that GraphQL has coerced, with those of the site's own fields."""
    own = {_NAMES[name]: value for name, value in given.items() if name in _NAMES}
    if len(own) == len(given):
        return ItemFilter(**own)
    return ItemFilter(**own, site=filters_in(given, site_fields_of(context.info)))


_DEFINITION.from_input = _filter_of


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
    if filter and filter.site:
        refuse_hidden(filter.site, context.audience)
    return Listing(context.audience, conditions, order)


def _conditions(filter: ItemFilter) -> Conditions:
    groups = [
        _labels(filter.categories, "filter.categories", lambda *text: category_label(name(*text))),
        _labels(filter.types, "filter.types", lambda *text: type_label(name(*text))),
        _labels(filter.topics, "filter.topics", topic_id_of),
        _labels(filter.authors, "filter.authors", author_id_of),
        _labels(filter.providers, "filter.providers", provider_id_of),
    ]
    groups += [_site_labels(field, values) for field, values in filter.site]
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


def _site_labels(field: SiteField, values: Sequence[object]) -> list[str]:
    path = f"filter.{field.name}"
    _check_number(values, path)
    for value in values:
        if isinstance(value, str):
            bounded(value, MAX_URL_LENGTH, path)
    return [field.label(value) for value in values]


def _labels(values: list[str] | None, argument: str, label: Callable[[str, str], str]) -> list[str]:
    values = _or_none(values) or []
    _check_number(values, argument)
    return [label(value, argument) for value in values]


def _check_number(values: Sequence[object], argument: str) -> None:
    if len(values) > MAX_FILTER_VALUES:
        raise bad_input(
            f"`{argument}` has {len(values)} values; at most {MAX_FILTER_VALUES} are allowed."
        )


def _or_none(value: Value | None) -> Value | None:
    return None if value is strawberry.UNSET else value
