"""What the path of a file says about its item: its date, its title, where its pictures are."""

import posixpath
import re
from datetime import UTC, datetime
from urllib.parse import quote

from loaders.formats import TEXT_SUFFIXES

# 2021-09-27-a-story.md, 2021-09-27-a-story/index.md, 2021/09/27/a-story.md, 2021/09-27-a-story.md
_DATE = re.compile(r"(?:^|/)(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?=[-_/. T]|$)")
_DATE_PREFIX = re.compile(r"\d{4}-\d{1,2}-\d{1,2}(?:[-_. T]+|$)")
_INDEX = frozenset(("index", "_index"))


def date_in(path: str) -> datetime | None:
    """Return the date that a name in a path begins with, the innermost if there are several."""
    for year, month, day in reversed(_DATE.findall(path)):
        try:
            return datetime(int(year), int(month), int(day), tzinfo=UTC)
        except ValueError:
            continue
    return None


def is_index(path: str) -> bool:
    """Return whether a file stands for the folder that it is in."""
    return posixpath.splitext(posixpath.basename(path))[0].lower() in _INDEX


def slug_of(path: str, root: str) -> str:
    """Return the name of a file, or of its folder if it is the folder's index, without a date."""
    folder, file = posixpath.split(path)
    name = posixpath.splitext(file)[0]
    if name.lower() in _INDEX:
        name = posixpath.basename(folder) or posixpath.basename(root) or "index"
    return _DATE_PREFIX.sub("", name, count=1) or name


def title_of(path: str, root: str) -> str | None:
    """Return the title that the name of a text file makes; None for files of other formats."""
    if posixpath.splitext(path)[1].lower() not in TEXT_SUFFIXES:
        return None
    slug = slug_of(path, root)
    words = slug if " " in slug else re.sub(r"[-_]+", " ", slug).strip() or slug
    return words[:1].upper() + words[1:]


def site_path(reference: str, path: str) -> str:
    """Return the path, from the root, that a relative path in a file leads to.

    Paths that begin with a dot, and those in the index of a folder, start at the file's folder.
    All others start at the root, as generators have them. No path leads above the root (RFC 3986,
    section 5.2.4).
    """
    is_from_folder = reference.startswith(".") or is_index(path)
    folder = posixpath.dirname(path) if is_from_folder else ""
    whole = posixpath.normpath(posixpath.join("/", folder, reference))
    return quote(whole, safe="/%!$&'()*+,;=:@~?#")
