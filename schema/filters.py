"""The filter of lists of items."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.types.arguments import InputContext
from strawberry.types.base import get_object_definition

from schema.limits.scans import scan_cost
from schema.scan_costs import COUNT, SEARCH
from schema.site import Filters, filters_in, site_fields_of
from schema.status import ItemStatus

MAX_FILTER_VALUES = 50
MAX_TOPICS_UNDER = 1_000
MAX_SEARCH_LENGTH = 500


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
        f"ignored. A list may have at most {MAX_FILTER_VALUES} values. Case and "
        "punctuation make no difference in names, so a name and its slug match the same items. "
        "The response's `extensions.warnings` lists values that no item has."
    )
)
class ItemFilter:
    """The `filter` argument of every list of items."""

    search: str | None = argument(
        "Words to find in the title (which counts most), the excerpt, the body, or the names of "
        "topics, tags, authors and the provider. An item matches if it has all of the words, in "
        "any grammatical form; the last word may be incomplete. If no item matches, words that "
        "differ by one typo are accepted. Put a phrase in double quotes, and a minus sign before "
        "a word that must not occur. Common words such as `the` are ignored.",
        scan_cost(SEARCH),
    )
    categories: list[str] | None = argument(
        "Categories, such as `news`: names or slugs of values of `Item.category`."
    )
    types: list[str] | None = argument(
        "Types, such as `article` or `video`: names or slugs of values of `Item.type`."
    )
    tags: list[str] | None = argument("Tags: names or slugs of values of `Item.tags`.")
    topics: list[str] | None = argument(
        "Names or slugs of topics. Items of their subtopics are not included: see `underTopics`."
    )
    under_topics: list[str] | None = argument(
        "Names or slugs of topics. Matches the items of these topics and of all topics below "
        f"them, which may be {MAX_TOPICS_UNDER:,} in all.",
        scan_cost(COUNT),
    )
    authors: list[str] | None = argument("Names or slugs of authors.")
    providers: list[str] | None = argument(
        "Domains of providers, such as `news.example.com`, with or without `www.`."
    )
    locales: list[str] | None = argument(
        "Locales, such as `en-us`, or languages, such as `en`, which include all their locales."
    )
    published_after: datetime | None = argument(
        "Published at or after this time. A date alone is the start of that day (UTC). Excludes "
        "items without a date."
    )
    published_before: datetime | None = argument(
        "Published before this time (exclusive). A date alone is the start of that day (UTC). "
        "Excludes items without a date."
    )
    updated_after: datetime | None = argument(
        "Changed at or after this time: by `updatedDateTime` or, for items without one, by "
        "`publishedDateTime`. Excludes items with neither."
    )
    min_quality: int | None = argument("With at least this `quality`. Excludes items without one.")
    min_heat: int | None = argument("With at least this `heat`. Excludes items without one.")
    has_image: bool | None = argument("With an image (true) or without one (false).")
    exclude_ids: list[strawberry.ID] | None = argument(
        "Ids of items to leave out, such as those that a page already shows."
    )
    published: bool | None = argument(
        "Published (true) or unpublished (false). Only editors may use false. If it is absent, "
        "editors get both."
    )
    statuses: list[ItemStatus] | None = argument(
        "With one of these statuses. Only editors may use any other than PUBLISHED."
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
