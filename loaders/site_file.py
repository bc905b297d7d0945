"""Read and check a root's site file, `newsgraph.yaml` (docs/loading.md, "The site file")."""

import os
from collections.abc import Iterable, Mapping
from typing import Final

from loaders.diagnostics import (
    START,
    BadInput,
    Diagnostic,
    FieldPath,
    Position,
    Problem,
    quoted,
)
from loaders.formats import SITE_FILE
from loaders.parse import decode
from loaders.permalinks import TOKENS, unknown_token
from loaders.read import full_path, read_bytes
from loaders.site import NO_SITE, Names, Site, SiteProvider
from loaders.values import Value
from loaders.yaml_checks import YamlChecks, meant
from loaders.yaml_text import YamlText
from store.audience import Audience
from store.fields import ITEM
from store.ids import MAX_NAME_LENGTH, MAX_URL_LENGTH, canonical_domain, canonical_url, url_domain
from store.site_fields import MAX_DESCRIPTION, SiteField, check_field, check_fields
from store.site_types import MAX_FIELD_NAME, MAX_FIELDS, BadField, type_of

MAX_BYTES: Final = 256 * 1024
"""A site file with as many fields as it may have, each with a long description, has 220 KB."""
MAX_NAMES: Final = 20
"""Keys of one of newsgraph's own fields."""

_PROVIDER_EXAMPLE = "a name, or a mapping like {name: Example News, domain: example.com}"


class BadSite(Exception):
    """A site file that cannot be used; nothing of its root is loaded."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = [*diagnostics]
        super().__init__(*map(str, self.diagnostics))


def read_site(root: str) -> Site:
    """Return what the site file of a root says; `NO_SITE` if there is none. Raises BadSite."""
    path = full_path(root, SITE_FILE)
    if not os.path.lexists(path):
        return NO_SITE
    try:
        return parse_site(decode(read_bytes(path, MAX_BYTES)))
    except BadInput as error:
        raise BadSite(Diagnostic.at(path, problem) for problem in error.problems) from None


def position_of_field(root: str, field: str) -> Position:
    """Return where the site file of a root, which is valid, has a field."""
    try:
        text = decode(read_bytes(full_path(root, SITE_FILE), MAX_BYTES))
        return YamlText(text).position_of(("fields", field))
    except BadInput:  # it was changed meanwhile
        return START


def parse_site(text: str) -> Site:
    """Return what the text of a site file says. Raises BadInput with all that is wrong."""
    yaml = YamlText(text)
    data = yaml.value({})
    if not isinstance(data, dict):
        raise BadInput(Problem(1, 1, SITE_FILE, "is not a mapping; write keys like url:", "shape"))
    return _SiteReader(yaml).site(data)


class _SiteReader:
    def __init__(self, yaml: YamlText) -> None:
        self._checks = YamlChecks(yaml, SITE_FILE)

    def site(self, data: Mapping[str, Value]) -> Site:
        """Return the site. Raises BadInput."""
        keys = ("url", "permalink", "provider", "locale", "names", "fields")
        self._checks.refuse_unknown(data, keys, ())
        url = self._url(data)
        site = Site(
            url=url,
            permalink=self._permalink(data, url),
            provider=self._provider(data.get("provider"), url),
            locale=self._checks.text(data, "locale", (), MAX_NAME_LENGTH),
            names=self._names(data),
            fields=self._fields(data),
        )
        self._check_keys(site)
        if self._checks.problems:
            raise BadInput(*sorted(self._checks.problems))
        return site

    def _url(self, data: Mapping[str, Value]) -> str:
        url = self._checks.text(data, "url", (), MAX_URL_LENGTH).rstrip("/")
        if url:
            try:
                canonical_url(url)
            except ValueError:
                message = f"{quoted(url)} is not an http or https URL; write the whole address"
                self._checks.fail(("url",), message, "url")
                return ""
        return url

    def _permalink(self, data: Mapping[str, Value], url: str) -> str:
        pattern = self._checks.text(data, "permalink", (), MAX_URL_LENGTH)
        if not pattern:
            return ""
        if not pattern.startswith("/"):
            message = f"{quoted(pattern)} is not a path; write one like /:year/:month/:slug/"
            self._checks.fail(("permalink",), message, "url")
        elif word := unknown_token(pattern):
            words = ", ".join(f":{token}" for token in TOKENS)
            self._checks.fail(
                ("permalink",), f":{word} is not known; there are {words}", "unknown-key"
            )
        elif not url and "url" not in data:
            self._checks.fail(
                ("permalink",), "needs the address of the site; write url: too", "missing"
            )
        return pattern

    def _provider(self, value: Value, url: str) -> SiteProvider | None:
        if value is None:
            return None
        given: Mapping[str, Value] = {"name": value} if isinstance(value, str) else {}
        if isinstance(value, dict):
            given = value
        elif not given:
            self._checks.fail(("provider",), f"has to be {_PROVIDER_EXAMPLE}", "shape")
            return None
        self._checks.refuse_unknown(given, ("name", "domain"), ("provider",))
        name = self._checks.text(given, "name", ("provider",), MAX_NAME_LENGTH)
        domain = self._checks.text(given, "domain", ("provider",), MAX_NAME_LENGTH)
        domain = canonical_domain(domain) or (url_domain(url) if url else None) or ""
        if not domain:
            message = "is missing, and there is no url to take it from; write domain: example.com"
            self._checks.fail(("provider", "domain"), message, "missing")
        return SiteProvider(name or domain, domain)

    def _names(self, data: Mapping[str, Value]) -> Names:
        names: list[tuple[str, tuple[str, ...]]] = []
        for name, value in self._checks.mapping(
            data, "names", "{topics: [tags, categories]}"
        ).items():
            path: FieldPath = ("names", name)
            if ITEM.find(name) is None:
                self._checks.fail(
                    path, f"is not a field of newsgraph's own{meant(name, ITEM.keys)}", "name"
                )
                continue
            keys = [value] if isinstance(value, str) else value
            if not isinstance(keys, list) or not keys:
                self._checks.fail(
                    path, "has to be a key, or a list of keys like [one, two]", "shape"
                )
            elif len(keys) > MAX_NAMES:
                self._checks.fail(
                    path, f"has {len(keys)} keys; the limit is {MAX_NAMES}", "too-many"
                )
            else:
                names.append((name, tuple(self._key(key, path) for key in keys)))
        return tuple(names)

    def _fields(self, data: Mapping[str, Value]) -> tuple[SiteField, ...]:
        declared = self._checks.mapping(data, "fields", "{price: {type: String}}")
        if len(declared) > MAX_FIELDS:
            message = f"has {len(declared)} fields; the limit is {MAX_FIELDS}"
            self._checks.fail(("fields",), message, "too-many")
            return ()
        fields = [field for name, value in declared.items() if (field := self._field(name, value))]
        try:
            check_fields(fields)
        except BadField as error:
            self._refuse(error, ("fields",))
        return tuple(fields)

    def _field(self, name: str, value: Value) -> SiteField | None:
        path: FieldPath = ("fields", name)
        if isinstance(value, str | list):
            value = {"type": value}
        if not isinstance(value, dict) or "type" not in value:
            self._checks.fail(path, "has no type; write one like {type: String}", "missing")
            return None
        self._checks.refuse_unknown(
            value, ("type", "key", "description", "filter", "audience"), path
        )
        try:
            type_ = type_of(value["type"])
        except BadField as error:
            self._refuse(error, (*path, "type"))
            return None
        field = SiteField(
            name=name,
            type=type_,
            key=self._key(value["key"], (*path, "key")) if "key" in value else name,
            description=self._checks.text(value, "description", path, MAX_DESCRIPTION),
            filter=self._checks.flag(value, "filter", path),
            audience=self._audience(value, path),
        )
        try:
            check_field(field, ())
        except BadField as error:
            self._refuse(error, path)
        return field

    def _check_keys(self, site: Site) -> None:
        """Refuse keys that two fields would take."""
        takers: dict[str, str] = {}
        for name, keys in site.names:
            takers |= dict.fromkeys(keys, name)
        for field in site.fields:
            if other := takers.get(field.key):
                message = f"has the key {field.key}, which {other} has too; keep one of them"
                self._checks.fail(("fields", field.name), message, "duplicate-key")
            takers[field.key] = field.name

    def _audience(self, value: Mapping[str, Value], path: FieldPath) -> Audience:
        given = value.get("audience", Audience.PUBLIC.value)
        if not isinstance(given, str) or given not in [*Audience]:
            message = f"{quoted(given)} is neither public nor editor"
            self._checks.fail((*path, "audience"), message, "shape")
            return Audience.EDITOR
        return Audience(given)

    def _key(self, value: Value, path: FieldPath) -> str:
        return self._checks.checked_text(value, path, MAX_FIELD_NAME)

    def _refuse(self, error: BadField, path: FieldPath) -> None:
        self._checks.fail((*path, *error.path), str(error), error.code)
