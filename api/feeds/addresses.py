"""The addresses of this server's own pages, whole where its origin is known."""

from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Addresses:
    """Addresses as one caller gets them."""

    origin: str | None
    """The origin that the caller addressed; None if it is not known to be the server's."""

    has_reader: bool
    """Whether the reader has a page for each item."""

    def of(self, path: str) -> str:
        """Return the address of a path; the path itself if the origin is not known."""
        return f"{self.origin or ''}{path}"

    def page(self, id_: str) -> str | None:
        """Return the whole address of an item's page in the reader, or None."""
        if self.origin is None or not self.has_reader:
            return None
        return self.of(item_path(id_))


def item_path(id_: str, extension: str = "") -> str:
    """Return the path of an item's page, or with `.md` of its Markdown."""
    return f"/items/{quote(id_.removeprefix('item:'), safe='')}{extension}"


def feed_path(kind: str, key: str | None, extension: str) -> str:
    """Return the path of a feed: of all items without a `key`, else of one list."""
    name = kind if key is None else f"{kind}/{quote(key, safe='')}"
    return f"/feeds/{name}.{extension}"
