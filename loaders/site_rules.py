"""How a site file changes the loading of files: which keys are read, as what, and what is stored.

Made once for a root, and for each list of authors in it, in each process that reads its files.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import Final, TypeAlias

from loaders.authors import Authors
from loaders.known_keys import ITEM, TEXT, KnownKeys
from loaders.site import NO_SITE, Site
from store.fields import TABLES
from store.ids import url_domain
from store.shapes import Field, Kind, Shape
from store.site_fields import MAX_FILTER_VALUES, SiteField
from store.site_types import Link, Scalar, SiteType

# Escapes with which a key may be spelled otherwise in YAML, JSON and TOML.
_ESCAPED = re.compile(rb"\\[xuU\r\n]")

_Kinds: TypeAlias = Mapping[Scalar | Link, Kind]
_KINDS: Final[_Kinds] = {
    Scalar.STRING: Kind.TEXT,
    Scalar.INT: Kind.INTEGER,
    Scalar.FLOAT: Kind.NUMBER,
    Scalar.BOOLEAN: Kind.FLAG,
    Scalar.DATE_TIME: Kind.DATE,
    Scalar.URL: Kind.URL,
    Scalar.JSON: Kind.ANY,
    Link.ITEM: Kind.URL,
    Link.PROVIDER: Kind.NAME,
    Link.TOPIC: Kind.NAME,
    Link.AUTHOR: Kind.NAME,
}
_STORED: Final[_Kinds] = {**_KINDS, **dict.fromkeys(Link, Kind.TEXT)}


class SiteRules:
    """What loading needs to know of a site."""

    def __init__(self, site: Site, authors: Authors | None = None) -> None:
        self.site = site
        self.authors = authors
        self.shape = Shape("Site", tuple(map(_field_of, site.fields)))
        """The fields of the site, by their names in GraphQL."""
        self.stored_shape = Shape("Site", tuple(_field_of(one, _STORED) for one in site.fields))
        """The same, with the ids of what they link to, as documents and exported files have it."""
        own = _known_keys(site)
        self.known: KnownKeys = ITEM | dict.fromkeys(TABLES, own) | own if own else ITEM
        """The keys of items whose values stay text."""
        self.reads_tables = bool(own)
        """Whether some of these keys are in tables of Zola and Hugo."""
        self.domain: str = url_domain(site.url) or (site.provider.domain if site.provider else "")
        """The domain of the site, or an empty text."""
        named = dict(site.names).get("authors", ())
        self._author_keys = [b"author", *(key.encode() for key in named)]
        self._has_site = site != NO_SITE
        self._for_all = repr((site.url, site.permalink, site.provider, site.locale)).encode()
        self._for_key = {key.encode(): what for key, what in _by_key(site).items()}
        self._keys = re.compile(b"|".join(map(re.escape, self._for_key))) if self._for_key else None

    def with_authors(self, authors: Authors | None) -> "SiteRules":
        """Return the rules for files that may name some authors by their keys."""
        return self if authors is None else rules_of(self.site, authors)

    def digest_key(self, data: bytes) -> bytes:
        """Return what of the site file, and of a list of authors, a file's documents depend on.

        It is empty if there is neither. A file has to be loaded again if, and only if, this has
        changed: if a key that the site file names, or that of an author, may be in it.
        """
        authors = b""
        if self.authors:
            has_escapes = _ESCAPED.search(data) is not None
            if has_escapes or any(key in data for key in self._author_keys):
                authors = self.authors.digest_key(data, has_escapes=has_escapes)
        return self._digest_of_site(data) + authors

    def _digest_of_site(self, data: bytes) -> bytes:
        if not self._has_site:
            return b""
        digest = blake2b(self._for_all, digest_size=16)
        for key in self._keys_in(data):
            digest.update(b"\0%b\0%b" % (key, self._for_key[key]))
        return digest.digest()

    def _keys_in(self, data: bytes) -> list[bytes]:
        if self._keys is None:
            return []
        if _ESCAPED.search(data):
            return sorted(self._for_key)
        if self._keys.search(data) is None:
            return []
        return sorted(key for key in self._for_key if key in data)


@lru_cache(maxsize=16)
def rules_of(site: Site, authors: Authors | None = None) -> SiteRules:
    """Return the rules of a site and a list of authors, made once for a few of these."""
    return SiteRules(site, authors)


def _by_key(site: Site) -> dict[str, bytes]:
    """Return what the site file says about each key that it names."""
    said = {key: repr((name, keys)).encode() for name, keys in site.names for key in keys}
    for field in site.fields:
        said[field.key] = repr((field.name, str(field.type), field.filter)).encode()
    return said


def _field_of(field: SiteField, kinds: _Kinds = _KINDS) -> Field:
    kind = _kind_of(field.name, field.type, kinds)
    if field.filter and kind is Kind.TEXT:
        kind = Kind.NAME  # a label has a bounded length
    limit = MAX_FILTER_VALUES if field.filter else None
    return Field(field.name, kind, field.description, many=field.type.many, max_entries=limit)


def _kind_of(name: str, type_: SiteType, kinds: _Kinds) -> Kind | Shape:
    if isinstance(type_.kind, tuple):
        members = tuple(
            Field(member, _kind_of(member, below, kinds), "", many=below.many)
            for member, below in type_.kind
        )
        return Shape(name, members)
    return kinds[type_.kind]


def _known_keys(site: Site) -> KnownKeys:
    known = {
        field.key: below for field in site.fields if (below := _known_below(field.type)) is not None
    }
    for name, keys in site.names:
        known |= dict.fromkeys(keys, ITEM[name])
    return known


def _known_below(type_: SiteType) -> KnownKeys | None:
    """Return the keys below a value whose scalars stay text; None if it has YAML's types."""
    if type_.kind is Scalar.JSON:
        return None
    found = {name: _known_below(below) for name, below in type_.members}
    return {name: below for name, below in found.items() if below is not None} or TEXT
