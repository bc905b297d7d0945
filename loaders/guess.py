"""Guess the field of a site that takes a key, from the values that files have under it."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from loaders.forms import Form
from loaders.key_values import KeyValues, Places
from store.documents import Document
from store.ids import item_id
from store.site_fields import FILTERS, MAX_FILTER_VALUES
from store.site_types import BadField, Kind, Link, Scalar, SiteType, check_name

MAX_FEW: Final = 12
"""How many different values are few."""
_REPEATED: Final = 3
"""How often few values are there, on average."""
_MAX_FEW_LENGTH: Final = 40
"""Characters of each of few values."""
_LINKED: Final = 3
"""How many different names have to be those of topics, or others, to be links for sure."""

_TYPES: Final = {
    Form.INTEGER: Scalar.INT,
    Form.NUMBER: Scalar.FLOAT,
    Form.FLAG: Scalar.BOOLEAN,
    Form.DATE: Scalar.DATE_TIME,
    Form.URL: Scalar.URL,
    Form.TEXT: Scalar.STRING,
}


@dataclass
class Linkable:
    """What values can link to: the ids of items, the domains of providers, and names."""

    items: set[str] = field(default_factory=set)
    providers: set[str] = field(default_factory=set)
    topics: set[str] = field(default_factory=set)
    authors: set[str] = field(default_factory=set)

    def add(self, item: Document, limit: int) -> None:
        """Add an item, and what it is linked to, until there are so many of each."""
        _extend(self.items, [item["_id"]], limit)
        if provider := item.get("provider"):
            _extend(self.providers, [provider["domain"]], limit)
        _extend(self.topics, [topic["name"] for topic in item["topics"]], limit)
        _extend(self.authors, [author["name"] for author in item["authors"]], limit)

    def merge(self, other: "Linkable", limit: int) -> None:
        """Add all of another, until there are so many of each."""
        for name in ("items", "providers", "topics", "authors"):
            _extend(getattr(self, name), sorted(getattr(other, name)), limit)


def _extend(known: set[str], more: Iterable[str], limit: int) -> None:
    if len(known) < limit:
        known.update(more)


class Guess(NamedTuple):
    """A type that all values fit, whether it is good for a filter, and what is unsure of it."""

    type: SiteType
    filter: bool = False
    remarks: tuple[str, ...] = ()


def guess(found: KeyValues, linkable: Linkable) -> Guess | None:
    """Return the narrowest type from which all values come back as the files have them.

    None if there are no values to guess it from.
    """
    if not found.forms:
        return None
    remarks = [*_mixture(found)]
    if found.forms.keys() == {Form.MAPPING}:
        kind = _members_of(found, linkable, remarks)
    else:
        kind = _link_of(found, linkable, remarks) or _scalar_of(found)
    type_ = SiteType(kind, many=found.is_many and kind is not Scalar.JSON)
    if type_.many and found.singles.files:
        remarks.append(f"One value instead of a list in {_where(found.singles)}.")
    return Guess(type_, _is_filter(found, kind), tuple(remarks))


def few_values(found: KeyValues) -> list[tuple[str, int]]:
    """Return the values of a key and how often each is there, if they are few and repeated."""
    values = found.values
    is_few = 0 < len(values) <= MAX_FEW and values.total() >= _REPEATED * len(values)
    if not is_few or found.is_full or max(map(len, values)) > _MAX_FEW_LENGTH:
        return []
    return sorted(values.items(), key=lambda pair: (-pair[1], pair[0]))


def _scalar_of(found: KeyValues) -> Scalar:
    forms = found.forms.keys()
    if forms & {Form.MAPPING, Form.OTHER}:
        return Scalar.JSON
    if len(forms) == 1:
        return _TYPES[next(iter(forms))]
    if forms == {Form.INTEGER, Form.NUMBER}:
        return Scalar.FLOAT
    return Scalar.STRING if found.is_text else Scalar.JSON


def _members_of(found: KeyValues, linkable: Linkable, remarks: list[str]) -> Kind:
    members = []
    for name, member in found.members.items():
        try:
            check_name(name, ())
        except BadField:
            remarks.append("Its mappings have keys that are not names in GraphQL.")
            return Scalar.JSON
        if below := guess(member, linkable):
            members.append((name, below.type))
            remarks += (f"{name}: {remark}" for remark in below.remarks)
    if found.is_wide:
        remarks.append("Its mappings have too many, or too long, keys for a type.")
    return tuple(members) or Scalar.JSON


def _link_of(found: KeyValues, linkable: Linkable, remarks: list[str]) -> Link | None:
    """Return the type of links that all values are for sure."""
    values = found.values
    if found.is_full or not values:
        return None
    if found.forms.keys() == {Form.URL}:
        if all(item_id(url) in linkable.items for url in values):
            remarks.append("All values are addresses of items; URL does without links.")
            return Link.ITEM
    elif found.forms.keys() == {Form.TEXT} and found.is_trimmed and len(values) >= _LINKED:
        names: tuple[tuple[Link, str, Collection[str]], ...] = (
            (Link.PROVIDER, "domains of providers", linkable.providers),
            (Link.TOPIC, "topics", linkable.topics),
            (Link.AUTHOR, "authors", linkable.authors),
        )
        for link, what, known in names:
            if all(value in known for value in values):
                remarks.append(f"All values are {what}; String does without links.")
                return link
    return None


def _is_filter(found: KeyValues, kind: Kind) -> bool:
    return (
        kind in FILTERS
        and bool(few_values(found))
        and found.is_trimmed
        and found.longest <= MAX_FILTER_VALUES
    )


def _mixture(found: KeyValues) -> Iterator[str]:
    """Yield which files keep a key from having a narrower type."""
    (main, places), *others = sorted(found.forms.items(), key=lambda pair: -pair[1].files)
    kind = _scalar_of(found)
    if kind is Scalar.FLOAT or (kind is Scalar.STRING and main is Form.TEXT):
        return  # numbers may be whole, and texts may look like numbers
    if others:
        also = "; ".join(f"{form.value} in {_where(where)}" for form, where in others)
        yield f"{main.value.capitalize()} in {places.files}; {also}."


def _where(places: Places) -> str:
    more = places.files - len(places.first)
    return f"{places.files} ({', '.join(places.first)}{', …' if more else ''})"
