"""The slugs of items: their names in addresses."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from loaders.file_names import slug_of
from loaders.source_mapping import SourceMapping
from store.documents import Document
from store.ids import MAX_NAME_LENGTH, slug

_PATH = re.compile(r"[^/]*//[^/?#]*([^?#]*)")  # of a whole URL: RFC 3986, appendix B
_PAGE = re.compile(r"(?:(?:^|/)(?:index|default))?\.(?:html?|php|aspx?)$", re.IGNORECASE)
_CLEAN = re.compile(r"[\w.~-]+")


def take_slug(source: SourceMapping, item: Document) -> None:
    """Set an item's slug to its own, the end of its address, its file's name, or its title's."""
    item["slug"] = next(filter(None, _candidates(source, item)), "")[:MAX_NAME_LENGTH]


def _candidates(source: SourceMapping, item: Document) -> Iterator[str]:
    if "slug" in item:
        yield _last(item["slug"])
    if "webUrl" in item:
        yield _last(unquote(_PAGE.sub("", _path(item["webUrl"]))))
    if source.is_named:
        name = slug_of(source.path, source.root)
        yield name if _CLEAN.fullmatch(name) else slug(name)
    yield slug(item["title"])


def _path(url: str) -> str:
    match = _PATH.match(url)
    return match[1] if match else ""


def _last(path: str) -> str:
    return path.strip("/ ").rpartition("/")[2]
