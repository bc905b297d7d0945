"""The site fields of a schema, where resolvers and arguments find them."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from schema.context import Info
from schema.errors import ApiError, ErrorCode
from store.audience import Audience
from store.documents import Document
from store.site_fields import SiteField, SiteFields

Filters: TypeAlias = tuple[tuple[SiteField, tuple[object, ...]], ...]
"""Site fields, and the values that an item must have one of."""


def site_fields_of(info: Info | None) -> SiteFields:
    """Return the site fields of the schema that a query is executed with."""
    fields: SiteFields = getattr(info.schema, "site_fields", ()) if info else ()
    return fields


def filters_in(given: Mapping[str, Any], fields: SiteFields) -> Filters:
    """Return the site's own filters among the fields of an `ItemFilter`."""
    return tuple(
        (field, tuple(values))
        for field in fields
        if field.filter and (values := given.get(field.name))
    )


def is_hidden(field: SiteField, audience: Audience) -> bool:
    """Return whether an audience sees nothing of a field."""
    return field.audience is Audience.EDITOR and audience is Audience.PUBLIC


def refuse_hidden(filters: Filters, audience: Audience) -> None:
    """Raise ApiError for a filter by what the audience does not see."""
    for field, _ in filters:
        if is_hidden(field, audience):
            raise ApiError(
                f"Only editors may filter by `{field.name}`: send an editor's bearer token.",
                ErrorCode.FORBIDDEN,
            )


def stored_values(field: SiteField, items: list[Document]) -> Iterator[Any]:
    """Yield the stored value of a field for each item, None where there is none."""
    name, digest = field.stored_at
    for item in items:
        value = (item.get("site") or {}).get(name)
        yield None if value is None else value.get(digest)
