"""What writes of items affect: the items, their lists, and the documents derived from them."""

from collections.abc import Iterable

from store.writing.candidates import Traits, affected_ids


class Effects:
    """The effects of several writes, each named once.

    `items` are ids; `labels` are all labels that these items had or will have; `taxonomies` are
    the ids of the providers, topics and authors to recompute.
    """

    def __init__(self, taxonomies: Iterable[str] = ()) -> None:
        self.items: set[str] = set()
        self.labels: set[str] = set()
        self.taxonomies: set[str] = set(taxonomies)

    def __bool__(self) -> bool:
        """Return whether there are any."""
        return bool(self.items or self.taxonomies)

    def change(self, item: str, before: Traits, after: Traits) -> None:
        """Add the change of an item, given by its id."""
        self.items.add(item)
        self.labels.update(before.labels, after.labels)
        self.taxonomies |= affected_ids(before.contributions, after.contributions)

    def add(self, others: "Effects") -> None:
        """Add the effects of other writes."""
        self.items |= others.items
        self.labels |= others.labels
        self.taxonomies |= others.taxonomies

    def beyond(self, others: "Effects") -> "Effects":
        """Return those that are not among others."""
        more = Effects(self.taxonomies - others.taxonomies)
        more.items = self.items - others.items
        more.labels = self.labels - others.labels
        return more
