"""The list that a field's arguments describe, in the store's terms."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeVar

import strawberry

from schema.context import Context
from schema.errors import ApiError, ErrorCode, bad_input
from schema.filters import MAX_FILTER_VALUES, MAX_SEARCH_LENGTH, MAX_TOPICS_UNDER, ItemFilter
from schema.names import author_id_of, bounded, name, node_id, provider_id_of, topic_id_of
from schema.site import refuse_hidden
from store.audience import Audience
from store.ids import MAX_URL_LENGTH
from store.labels import category_label, locale_label, tag_label, type_label
from store.orders import ItemOrder
from store.reading.listing import Conditions, Listing
from store.site_fields import SiteField
from store.taxonomies import TOPICS

Value = TypeVar("Value")

Label = Callable[[str, str], str]
"""Returns the label of a value; the second argument is the path of the value's argument."""


class Wanted(NamedTuple):
    """A value of a filter, which argument it is of, and the label of the items that have it."""

    argument: str
    value: object
    label: str


def _of_name(label: Callable[[str], str]) -> Label:
    return lambda text, argument: label(name(text, argument))


_LABELS: Mapping[str, tuple[str, Label]] = {
    "categories": ("filter.categories", _of_name(category_label)),
    "types": ("filter.types", _of_name(type_label)),
    "tags": ("filter.tags", _of_name(tag_label)),
    "topics": ("filter.topics", topic_id_of),
    "authors": ("filter.authors", author_id_of),
    "providers": ("filter.providers", provider_id_of),
    "locales": ("filter.locales", _of_name(locale_label)),
}
"""How the fields of a filter become labels: each value of a field has a label of its own."""


def listing_of(context: Context, filter: ItemFilter | None, order: ItemOrder) -> Listing:
    """Return the list that a field's arguments describe. Raises ApiError if they cannot be used."""
    conditions = _conditions(filter) if filter else Conditions()
    if order is ItemOrder.RELEVANCE and conditions.search is None:
        order = ItemOrder.NEWEST
    if conditions.search is not None and not context.searches:
        raise bad_input("Searches are turned off on this server; leave `filter.search` out.")
    if conditions.wants_unpublished and context.audience is Audience.PUBLIC:
        raise ApiError(
            "Only editors may list unpublished items: send an editor's bearer token.",
            ErrorCode.FORBIDDEN,
        )
    if filter and filter.site:
        refuse_hidden(filter.site, context.audience)
    return Listing(context.audience, conditions, order)


async def with_topics(context: Context, listing: Listing) -> Listing:
    """Return the list with the topics under its topics. Raises ApiError if they are too many."""
    reader = context.readers.of(TOPICS)
    above = listing.conditions.under_topics
    topics = {*above, *await reader.under(above, MAX_TOPICS_UNDER + 1)}
    if len(topics) > MAX_TOPICS_UNDER:
        raise bad_input(
            f"`filter.underTopics` has more than {MAX_TOPICS_UNDER:,} topics below it: name topics "
            "further down."
        )
    return replace(listing, topics=tuple(sorted(topics)))


def unknown_values(context: Context, filter: ItemFilter) -> list[Wanted]:
    """Return the values of a filter of which it is not known whether any item has them."""
    wanted = list(_wanted_values(filter))
    unknown = {*context.readers.labels.unknown(each.label for each in wanted)} if wanted else ()
    return [each for each in wanted if each.label in unknown]


def _wanted_values(filter: ItemFilter) -> Iterator[Wanted]:
    for field, (argument, label) in _LABELS.items():
        for value in _or_none(getattr(filter, field)) or ():
            yield Wanted(argument, value, label(value, argument))
    for value in _or_none(filter.under_topics) or ():
        yield Wanted("filter.underTopics", value, topic_id_of(value, "filter.underTopics"))
    for own, values in filter.site:
        yield from (Wanted(f"filter.{own.name}", value, own.label(value)) for value in values)


def _conditions(filter: ItemFilter) -> Conditions:
    groups = [
        _labels(getattr(filter, field), argument, label)
        for field, (argument, label) in _LABELS.items()
    ]
    groups += [_site_labels(field, values) for field, values in filter.site]
    search = bounded(_or_none(filter.search) or "", MAX_SEARCH_LENGTH, "filter.search").strip()
    return Conditions(
        labels=tuple(group for group in groups if group),
        has_image=_or_none(filter.has_image),
        published_after=_or_none(filter.published_after),
        published_before=_or_none(filter.published_before),
        min_quality=_or_none(filter.min_quality),
        min_heat=_or_none(filter.min_heat),
        published=_or_none(filter.published),
        search=search or None,
        updated_after=_or_none(filter.updated_after),
        under_topics=_labels(filter.under_topics, "filter.underTopics", topic_id_of),
        exclude_ids=_labels(filter.exclude_ids, "filter.excludeIds", node_id),
        statuses=tuple(sorted({*(_or_none(filter.statuses) or ())})),
    )


def _site_labels(field: SiteField, values: Sequence[object]) -> tuple[str, ...]:
    path = f"filter.{field.name}"
    _check_number(values, path)
    for value in values:
        if isinstance(value, str):
            bounded(value, MAX_URL_LENGTH, path)
    return tuple(sorted({field.label(value) for value in values}))


def _labels(values: Sequence[str] | None, argument: str, label: Label) -> tuple[str, ...]:
    values = _or_none(values)
    if not values:
        return ()
    _check_number(values, argument)
    return tuple(sorted({label(value, argument) for value in values}))


def _check_number(values: Sequence[object], argument: str) -> None:
    if len(values) > MAX_FILTER_VALUES:
        raise bad_input(
            f"`{argument}` has {len(values)} values; at most {MAX_FILTER_VALUES} are allowed."
        )


def _or_none(value: Value | None) -> Value | None:
    return None if value is strawberry.UNSET else value
