"""Write a site file with a field for each key that `loaders.infer` found."""

import re
import textwrap
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Final

import yaml

from loaders.diagnostics import escaped
from loaders.guess import Guess, few_values, guess
from loaders.infer import FoundKeys
from loaders.key_values import KeyValues
from loaders.report import counted
from loaders.site import NO_SITE, Site
from loaders.untaken import MAX_LENGTH, suggestion_for
from store.audience import Audience
from store.fields import ITEM, TABLES
from store.site_fields import SiteField, check_field, check_fields
from store.site_types import MAX_FIELDS, BadField

_MAX_LISTED: Final = 50
"""How many keys are listed of which no fields are made."""
_WIDTH: Final = 100
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9]+")
_ADDRESS: Final = (
    "# The address of the site. With it, paths in the files, such as /a-story/, make whole URLs.\n"
    "# url: https://www.example.com\n"
)
_FIELDS: Final[Mapping[str, str]] = {
    synonym: name for name, synonyms in ITEM.synonyms.items() for synonym in synonyms
}


def site_text(found: FoundKeys) -> str:
    """Return the text of a valid site file. What is unsure stands there as comments."""
    writer = _Writer(found)
    blocks = [*writer.blocks()]
    lines = [
        f"# Keys that no field takes, in {counted(found.files, 'file')} with items.",
        f"# {_remedy(found.site)}",
        "",
        *([] if found.site.url else [_ADDRESS]),
        "fields:" if blocks else "fields: {}",
        *(f"  {line}" for block in blocks for line in block),
    ]
    if left_out := [*writer.left_out()]:
        lines += ["", "# No fields were made of these keys:", *left_out]
    return "".join(f"{line}\n" for line in lines)


def _remedy(site: Site) -> str:
    if site == NO_SITE:
        return "Check the comments, and save this as newsgraph.yaml in the folder that you load."
    return "The folder has a newsgraph.yaml. Check the comments, and add these fields to it."


class _Writer:
    """Makes fields of keys, those of most files first, as long as there is room."""

    def __init__(self, found: FoundKeys) -> None:
        self._found = found
        self._fields = [*found.site.fields]
        self._left_out: list[str] = []

    def blocks(self) -> Iterator[list[str]]:
        """Yield the lines of each field: comments, and its declaration."""
        for key, values in sorted(self._found.by_key.items(), key=_rank):
            if not values.items:
                continue
            guessed = guess(values, self._found.linkable)
            try:
                field = self._field(key, values, guessed)
            except BadField as error:
                self._left_out.append(f"{_shown(key)}: in {_number(values)}; {error}")
            else:
                self._fields.append(field)
                yield [*_comments(key, values, guessed), _written(field)]

    def left_out(self) -> Iterator[str]:
        """Yield a comment on each key that has no field."""
        lines = [*self._left_out]
        inside = self._found.inside.items()
        for name, places in sorted(inside, key=lambda pair: (-pair[1].files, pair[0])):
            reason = "not a mapping" if name in TABLES else "inside a field of newsgraph's own"
            lines.append(f"{_shown(name)}: in {counted(places.files, 'file')}; {reason}")
        for line in lines[:_MAX_LISTED]:
            yield from _comment(f"- {line}")
        if (more := len(lines) - _MAX_LISTED) > 0 or self._found.is_full:
            yield f"# - and {'at least ' if self._found.is_full else ''}{max(more, 1)} more"

    def _field(self, key: str, values: KeyValues, guessed: Guess | None) -> SiteField:
        """Return a field that can stand beside those before it. Raises BadField."""
        if taken := self._found.taken[key]:
            reader = _FIELDS.get(key, "a field of newsgraph's own")
            message = f"{counted(taken, 'item')} without another {reader} need it as that"
            raise BadField((), message, "name")
        if not key or key != key.strip() or not key.isprintable():
            raise BadField((), "the key is empty, or has spaces at its ends, or odd ones", "name")
        if guessed is None:
            raise BadField((), "there are no values", "missing")
        # The public reads descriptions, and must not learn from them what drafts say.
        shown = [value for value, _ in few_values(values) if value in values.public_values]
        description = escaped(f"Such as {', '.join(shown)}.") if shown else ""
        audience = Audience.PUBLIC if values.is_public else Audience.EDITOR
        refusals: list[BadField] = []
        for name in _names(key):
            for is_filter in dict.fromkeys((guessed.filter, False)):
                field = SiteField(name, guessed.type, key, description, is_filter, audience)
                try:
                    self._check(field)
                except BadField as error:
                    refusals.append(error)
                else:
                    return field
        raise refusals[0]

    def _check(self, field: SiteField) -> None:
        check_field(field, ())
        if any(field.name == other.name for other in self._fields):
            raise BadField((), f"there is another field of the name {field.name}", "name")
        check_fields([*self._fields, field])


def _rank(pair: tuple[str, KeyValues]) -> tuple[int, int, str]:
    key, values = pair
    return -values.places.files, -values.items, key


def _number(values: KeyValues) -> str:
    files = counted(values.places.files, "file")
    return files if values.items == values.places.files else f"{files}, {values.items} items"


def _names(key: str) -> Iterator[str]:
    """Yield names for a key's field, the best first; GraphQL may not take them."""
    yield key
    plain = unicodedata.normalize("NFKD", key[:MAX_LENGTH]).encode("ascii", "ignore").decode()
    first, *rest = [*filter(None, _NOT_IN_NAMES.split(plain))] or ["field"]
    name = first + "".join(word[:1].upper() + word[1:] for word in rest)
    yield name
    name = f"site{name[:1].upper()}{name[1:]}"
    yield name
    for number in range(2, MAX_FIELDS + 1):
        yield f"{name}{number}"


def _comments(key: str, values: KeyValues, guessed: Guess | None) -> Iterator[str]:
    text = f"In {_number(values)}."
    if few := few_values(values):
        text += f" Values: {', '.join(f'{value} ({number})' for value, number in few)}."
    yield from _comment(text)
    if not values.is_public:
        yield from _comment("No published item has it. For the public, remove audience: editor.")
    for remark in guessed.remarks if guessed else ():
        yield from _comment(remark)
    if _FIELDS.get(key) == "webUrl":
        yield from _comment("With the url of the site, paths are the webUrl. Then leave this out.")
    meant = suggestion_for(key)
    name = meant and _FIELDS.get(meant, meant)
    if name and ITEM.find(name):
        names = _flow({"names": {name: [key]}})
        yield from _comment(f"Did you mean {meant}? Then write {names} instead of this field.")


def _comment(text: str) -> Iterator[str]:
    for line in textwrap.wrap(escaped(text), _WIDTH, break_long_words=False):
        yield f"# {line}"


def _written(field: SiteField) -> str:
    """Return the declaration of a field, on one line."""
    declared: dict[str, object] = {"type": field.type.value}
    if field.key != field.name:
        declared["key"] = field.key
    if field.filter:
        declared["filter"] = True
    if field.description:
        declared["description"] = field.description
    if field.audience is not Audience.PUBLIC:
        declared["audience"] = field.audience.value
    return _flow({field.name: declared})


def _flow(mapping: Mapping[str, object]) -> str:
    """Return a mapping as YAML on one line, without its own braces."""
    text: str = yaml.safe_dump(
        dict(mapping), default_flow_style=True, sort_keys=False, allow_unicode=True, width=10**6
    )
    return text.strip()[1:-1]


def _shown(key: str) -> str:
    return escaped(key if len(key) <= MAX_LENGTH else f"{key[: MAX_LENGTH - 1]}…")
