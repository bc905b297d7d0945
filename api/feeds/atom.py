"""Feeds in Atom (RFC 4287)."""

from typing import Final

from api.feeds.feed import Entry, Feed
from api.feeds.xml import Element

MEDIA_TYPE: Final = "application/atom+xml"
_NAMESPACE: Final = "http://www.w3.org/2005/Atom"


def atom(feed: Feed) -> bytes:
    """Return a feed as Atom."""
    root = Element.root(_NAMESPACE, "feed")
    root.add("id", feed.id)
    root.add("title", feed.title)
    root.add("updated", feed.updated)
    root.add("author").add("name", feed.title)  # of entries without one: section 4.1.1
    root.add("generator", "newsgraph")
    if feed.url:
        _link(root, "self", feed.url, type=MEDIA_TYPE)
    if feed.home:
        _link(root, "alternate", feed.home, type="text/html")
    for entry in feed.entries:
        _add_entry(root, entry)
    return root.document()


def _add_entry(root: Element, entry: Entry) -> None:
    node = root.add("entry")
    node.add("id", entry.id)
    node.add("title", entry.title)
    node.add("updated", entry.date)
    if entry.published:
        node.add("published", entry.published)
    if entry.url:
        _link(node, "alternate", entry.url, type="text/html")
    for author in entry.authors:
        node.add("author").add("name", author)
    for tag in entry.tags:
        node.add("category", attributes={"term": tag})
    if entry.summary:
        node.add("summary", entry.summary)
    # Section 4.1.2: an entry needs content or an alternate link.
    if entry.html or not entry.url:
        node.add("content", entry.html or "", {"type": "html"})


def _link(parent: Element, rel: str, href: str, *, type: str) -> None:
    parent.add("link", attributes={"rel": rel, "href": href, "type": type})
