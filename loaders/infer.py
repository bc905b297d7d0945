"""Collect what the items of a folder have under keys that no field takes.

`loaders.site_text` makes a site file of it.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Final, TypeVar

from loaders.changes import Unreadable, compare
from loaders.diagnostics import START, BadInput, FieldPath
from loaders.guess import Linkable
from loaders.ignore_file import exclusions_of
from loaders.key_values import KeyValues, Places, Source
from loaders.options import Options
from loaders.parse import parse
from loaders.parsed_file import ParsedFile
from loaders.read import SourceFile, full_path, read_bytes
from loaders.report import Report
from loaders.site import NO_SITE, Site
from loaders.site_file import read_site
from loaders.site_rules import SiteRules, rules_of
from loaders.source_mapping import SourceMapping
from loaders.targets import Target
from loaders.untaken import MAX_KEYS, MAX_LENGTH
from loaders.workers import in_batches
from store.documents import Document
from store.fields import ITEM, TABLES
from store.site_types import MAX_FIELD_NAME

T = TypeVar("T")

MAX_LINKABLE: Final = 100_000
"""How many items, providers, topics and authors are kept, of each, to tell links from texts."""
_WHOLE_TABLES: Final = {(table,) for table in TABLES}


@dataclass
class FoundKeys:
    """What the items of a folder have under keys that no field takes."""

    site: Site = NO_SITE
    """What the site file of the folder says already."""
    files: int = 0
    """Files with items."""
    failed: int = 0
    """Files with errors."""
    by_key: dict[str, KeyValues] = field(default_factory=dict)
    inside: dict[str, Places] = field(default_factory=dict)
    """Keys inside newsgraph's own mappings, such as `provider.mood`, and tables without keys."""
    taken: Counter[str] = field(default_factory=Counter)
    """Items in which a key that stands for a field was taken."""
    is_full: bool = False
    """Whether there are other keys, which were not kept."""
    linkable: Linkable = field(default_factory=Linkable)

    def read(self, file: SourceFile, max_bytes: int, rules: SiteRules) -> None:
        """Read a file, and add what its items have."""
        try:
            data = read_bytes(full_path(file.root, file.path), max_bytes)
        except BadInput:
            self.failed += 1
            return
        parsed = parse(data, file.root, file.path, rules, partial(self._add, file.path))
        if isinstance(parsed, ParsedFile):
            self.files += bool(parsed.items)
            self.failed += bool(parsed.problems.errors)

    def merge(self, later: "FoundKeys") -> None:
        """Add what later files have."""
        self.files += later.files
        self.failed += later.failed
        for key, values in later.by_key.items():
            if kept := self._kept(key):
                kept.merge(values)
        for name, places in later.inside.items():
            if kept_places := self._kept_inside(name):
                kept_places.merge(places)
        self.taken.update(later.taken)
        self.is_full |= later.is_full
        self.linkable.merge(later.linkable, MAX_LINKABLE)

    def _add(self, file: str, item: Document, mapping: SourceMapping, lines_above: int) -> None:
        finder = _Finder(mapping, lines_above)
        source = Source(file, item["published"], mapping.is_typed, finder.line_of, finder.written)
        for path in islice(mapping.untaken(), MAX_KEYS):
            key, *below = path
            value = mapping.extra[key]
            if ITEM.find(key) or path in _WHOLE_TABLES:
                if places := self._kept_inside(".".join(path)[:MAX_LENGTH]):
                    places.add(file, partial(finder.line_of, (key,)))
            elif values := self._kept(path[-1]):
                # A key in a table of Zola or Hugo is read as if it was beside the table.
                value = value[below[0]] if below and isinstance(value, dict) else value
                values.add(value, path, source)
        for name in ITEM.synonyms:
            if (key := str(mapping.place(name)[-1])) != name:
                self.taken[key] += 1
        if item["published"]:
            self.linkable.add(item, MAX_LINKABLE)

    def _kept(self, key: str) -> KeyValues | None:
        is_long = len(key) > MAX_FIELD_NAME
        if is_long or (key not in self.by_key and len(self.by_key) >= MAX_KEYS):
            self.is_full = True
            return None
        return self.by_key.setdefault(key, KeyValues())

    def _kept_inside(self, name: str) -> Places | None:
        if name not in self.inside and len(self.inside) >= MAX_KEYS:
            return None
        return self.inside.setdefault(name, Places())


class _Finder:
    """Finds values in a text, if it is not too large for that."""

    def __init__(self, mapping: SourceMapping, lines_above: int) -> None:
        self._mapping = mapping
        self._lines_above = lines_above
        self._is_able = True

    def line_of(self, path: FieldPath) -> int:
        """Return the line of a value, or the first."""
        found = self._find(self._mapping.position_of, path) or START
        return found.line + self._lines_above

    def written(self, path: FieldPath) -> str | None:
        """Return the text of a scalar, if it can be found."""
        return self._find(self._mapping.written, path)

    def _find(self, find: Callable[[FieldPath], T], path: FieldPath) -> T | None:
        if self._is_able:
            try:
                return find(path)
            except BadInput:
                self._is_able = False  # it would take long to fail again for each value
        return None


def infer(root: str, options: Options) -> FoundKeys:
    """Read the files of a folder as a load of it does, and return what no field takes.

    Raises BadInput for a file of exclusions, and BadSite for a site file, that cannot be used.
    """
    site = read_site(root)
    found = FoundKeys(site=site)
    report = Report()
    read = partial(_read, max_bytes=options.max_bytes, site=site)
    for keys in in_batches(_files(root, options, found), read, options.jobs, options.stopped):
        found.merge(keys)
        report.files = found.files
        options.on_progress(report)
    return found


def _files(root: str, options: Options, found: FoundKeys) -> Iterator[SourceFile]:
    for comparison in compare(
        Target(root), None, options.max_bytes, exclusions_of(root, options.excluded)
    ):
        match comparison:
            case SourceFile():
                yield comparison
            case Unreadable():
                found.failed += 1


def _read(files: list[SourceFile], max_bytes: int, site: Site) -> FoundKeys:
    found = FoundKeys()
    rules = rules_of(site)
    for file in files:
        found.read(file, max_bytes, rules.with_authors(file.authors))
    return found
