"""How the site fields of a corpus are stored: in its document, one entry for each root.

They are in one document with the corpus version, so that both change at once.
"""

import logging
from collections.abc import Iterable, Mapping
from typing import Any, NotRequired, TypedDict

from store.audience import Audience
from store.site_fields import Disagreement, SiteField, SiteFields, agreed, check_field, check_fields
from store.site_types import BadField, type_of

log = logging.getLogger("newsgraph.site")


class FieldDocument(TypedDict):
    """A field; its type is as `SiteType.value` returns it."""

    name: str
    type: Any
    key: str
    description: str
    filter: bool
    audience: str


class RootDocument(TypedDict):
    """The fields of a root's site file."""

    root: str
    fields: list[FieldDocument]


class CorpusDocument(TypedDict, total=False):
    """The parts of the corpus's document that concern sites.

    `siteVersion` is the corpus version with which `sites` changed last.
    """

    version: int
    siteVersion: NotRequired[int]
    sites: NotRequired[list[RootDocument]]


def document_of(root: str, fields: SiteFields) -> RootDocument:
    """Return the entry of a root."""
    return {"root": root, "fields": [_field_document(field) for field in fields]}


def fields_by_root(documents: Iterable[RootDocument]) -> dict[str, SiteFields]:
    """Return the fields of each root. One that this version of newsgraph cannot use is left out."""
    return {
        document["root"]: tuple(filter(None, map(_field, document["fields"])))
        for document in documents
    }


def fields_of(by_root: Mapping[str, SiteFields]) -> SiteFields:
    """Return the fields of a corpus. Loads check that roots agree; those that do not are left out.

    Two loads at the same time may both find that they agree with what is stored.
    """
    fitting: dict[str, SiteFields] = {}
    for root, fields in sorted(by_root.items()):
        try:
            check_fields(agreed({**fitting, root: fields}))
        except (BadField, Disagreement):
            log.exception("The site fields of %s do not fit those of other roots", root)
        else:
            fitting[root] = fields
    return agreed(fitting)


def _field_document(field: SiteField) -> FieldDocument:
    return {
        "name": field.name,
        "type": field.type.value,
        "key": field.key,
        "description": field.description,
        "filter": field.filter,
        "audience": field.audience.value,
    }


def _field(document: FieldDocument) -> SiteField | None:
    try:
        field = SiteField(
            document["name"],
            type_of(document["type"]),
            document["key"],
            document["description"],
            document["filter"],
            Audience(document["audience"]),
        )
        check_field(field, ())
    except (BadField, KeyError, ValueError):
        log.exception("A stored site field cannot be used: %r", document)
        return None
    return field
