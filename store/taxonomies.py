"""The taxonomies: what groups items, each kind declared once.

Labels, indexes, derived documents, their readers and the parts that the GraphQL types share follow
from these declarations.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Link = dict[str, Any]
"""A link to a document of a taxonomy: its `id`, and its `name` as the item spells it."""


@dataclass(frozen=True, eq=False, slots=True)
class Taxonomy:
    """A kind of derived documents, such as topics."""

    kind: str
    """What their ids begin with, such as `topic`."""
    collection: str
    """The collection of the documents."""
    key: str
    """The field for the rest of the id: `slug` or `domain`."""
    field: str
    """The field of items that links to them."""
    many: bool = False
    """Whether that field is a list."""
    has_mentions: bool = False
    """Whether related entries link to them too, in the same field."""
    has_images: bool = False
    """Whether links and definitions have images of them."""
    has_parents: bool = False
    """Whether definitions name parents."""

    def links(self, item: Mapping[str, Any]) -> Sequence[Link]:
        """Return the links of an item, or of a related entry."""
        found = item.get(self.field)
        if not found:
            return ()
        return found if self.many else (found,)


PROVIDERS = Taxonomy(
    "provider", "providers", "domain", field="provider", has_mentions=True, has_images=True
)
TOPICS = Taxonomy("topic", "topics", "slug", field="topics", many=True, has_parents=True)
AUTHORS = Taxonomy("author", "authors", "slug", field="authors", many=True)

TAXONOMIES = (PROVIDERS, TOPICS, AUTHORS)
