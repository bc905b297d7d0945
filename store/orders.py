"""The orders of lists: declared here for sort keys, indexes, listings and the GraphQL enums."""

from enum import StrEnum


class ItemOrder(StrEnum):
    """The orders of a list of items. Each but `RELEVANCE` is the name of a stored sort key."""

    NEWEST = "newest"
    OLDEST = "oldest"
    HOTTEST = "hottest"
    BEST = "best"
    UPDATED = "updated"
    RELEVANCE = "relevance"


class TaxonomyOrder(StrEnum):
    """The orders of a taxonomy's list. Each is the name of a stored sort key."""

    NAME = "name"
    MOST_ITEMS = "mostItems"


STORED_ITEM_ORDERS = tuple(order for order in ItemOrder if order is not ItemOrder.RELEVANCE)
