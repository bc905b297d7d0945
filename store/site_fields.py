"""The fields that a site declares for its own items, in its site file (docs/loading.md).

They are data, unlike those of `store.fields`: a corpus has those of all its roots, and its GraphQL
schema follows them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Final, NamedTuple, TypeAlias

from store.audience import Audience
from store.fields import ITEM, UNPUBLISHING
from store.site_types import MAX_FIELDS, BadField, Scalar, SiteType, check_name

MAX_FILTERS: Final = 20
"""Fields of a corpus that filter: each value of one is a label, an entry of four indexes."""
MAX_FILTER_VALUES: Final = 100
"""Entries of a list that filters."""
MAX_DESCRIPTION: Final = 2_000
"""Characters of a field's description."""

FILTERS: Final = frozenset((Scalar.STRING, Scalar.INT, Scalar.BOOLEAN, Scalar.URL))
"""The types whose values filter items."""

RESERVED_KEYS: Final = ITEM.keys | {*UNPUBLISHING, "taxonomy", "path"}
"""Keys that newsgraph's own fields need."""
RESERVED_NAMES: Final = RESERVED_KEYS | {
    *("id", "byline", "relatedBy", "extra", "status"),
    *("bodyFormat", "bodyHtml", "bodyText", "summary", "wordCount", "readingMinutes"),
    *("highlights", "jsonLd"),
}
"""Fields of the GraphQL type `Item`: those that it has, and some that it may get."""
RESERVED_FILTERS: Final = RESERVED_NAMES | {
    *("search", "categories", "types", "providers", "publishedAfter", "publishedBefore"),
    *("minQuality", "minHeat", "hasImage", "locales", "underTopics", "excludeIds"),
    *("updatedAfter", "statuses", "years", "months", "weeks", "days"),
}
"""Fields of the GraphQL types `ItemFilter` and `ItemFacets`."""


class SiteField(NamedTuple):
    """A field of a site: its name in GraphQL, and the key of the files if that is another."""

    name: str
    type: SiteType
    key: str
    description: str = ""
    filter: bool = False
    audience: Audience = Audience.PUBLIC

    @property
    def stored_at(self) -> tuple[str, str]:
        """The keys of its values in the `site` of documents: its name, and its type's digest.

        So a schema never reads a value of another type, although a load changes the documents
        before it changes the schema.
        """
        return self.name, blake2b(str(self.type).encode(), digest_size=4).hexdigest()

    def label(self, value: object) -> str:
        """Return the label of the items with a value, of a field that filters."""
        text = str(value).lower() if isinstance(value, bool) else str(value)
        return f"site:{self.name}:{text}"


SiteFields: TypeAlias = tuple[SiteField, ...]


def check_field(field: SiteField, path: tuple[str | int, ...]) -> None:
    """Raise BadField for a field that collides with newsgraph's own, or cannot filter."""
    remedy = f"; write another name, and key: {field.key[:60]}"
    check_name(field.name, path, remedy)
    taken = RESERVED_FILTERS if field.filter else RESERVED_NAMES
    if field.name in taken:
        raise BadField(path, f"is a field of newsgraph's own{remedy}", "name")
    if field.key in RESERVED_KEYS:
        message = f"{field.key!r} is a key of newsgraph's own; a field cannot take it"
        raise BadField((*path, "key"), message, "name")
    if field.filter and field.type.kind not in FILTERS:
        types = ", ".join(sorted(FILTERS))
        raise BadField((*path, "filter"), f"is for {types} and lists of these", "type")


def check_fields(fields: Sequence[SiteField]) -> None:
    """Raise BadField for fields of one corpus that are too many, or collide with each other."""
    if len(fields) > MAX_FIELDS:
        raise BadField((), f"has {len(fields)} fields; the limit is {MAX_FIELDS}", "too-many")
    filters = sum(field.filter for field in fields)
    if filters > MAX_FILTERS:
        message = f"has {filters} fields with filter: true; the limit is {MAX_FILTERS}"
        raise BadField((), message, "too-many")
    seen: dict[str, str] = {}
    for field in fields:
        for name in type_names(field):
            if name in seen:
                message = f"makes the same GraphQL type as {seen[name]}, {name}; write another name"
                raise BadField((field.name,), message, "name")
            seen[name] = field.name


def type_names(field: SiteField) -> Iterator[str]:
    """Yield the names of the GraphQL types that a field's objects have, outermost first."""
    yield from _type_names(object_type_name("Site", field.name), field.type)


def _type_names(name: str, type_: SiteType) -> Iterator[str]:
    if type_.members:
        yield name
        for member, below in type_.members:
            yield from _type_names(object_type_name(name, member), below)


def object_type_name(above: str, name: str) -> str:
    """Return the name of the GraphQL type of objects under a name, inside of another type."""
    return f"{above}{name[:1].upper()}{name[1:]}"


class Disagreement(ValueError):
    """Two roots declare a field differently."""

    def __init__(self, field: str, what: str, roots: tuple[str, str]) -> None:
        super().__init__(f"{field}: {what} differs")
        self.field = field
        self.what = what
        self.roots = roots


def agreed(by_root: Mapping[str, Iterable[SiteField]]) -> SiteFields:
    """Return the fields of a corpus by name, from those of its roots. Raises Disagreement.

    Fields of one name must have one type, filter and audience. The description is that of the
    first root that has one.
    """
    found: dict[str, tuple[str, SiteField]] = {}
    for root, fields in sorted(by_root.items()):
        for field in fields:
            first, other = found.setdefault(field.name, (root, field))
            for what in ("type", "filter", "audience"):
                if getattr(field, what) != getattr(other, what):
                    raise Disagreement(field.name, what, (first, root))
            if field.description and not other.description:
                found[field.name] = (first, other._replace(description=field.description))
    return tuple(field for _, (_, field) in sorted(found.items()))
