"""The indexes that serve every list, and the check that they are there."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pymongo import ASCENDING, TEXT, IndexModel
from pymongo.database import Database

from store.audience import Audience
from store.errors import translated

ITEM_ORDERS = ("newest", "oldest", "hottest", "best")
NAMED_ORDERS = ("name", "mostItems")


def _ascending(name: str, *fields: str) -> IndexModel:
    return IndexModel([(field, ASCENDING) for field in fields], name=name)


# Equality fields first, the sort key last: MongoDB manual, "The ESR (Equality, Sort, Range)
# Guideline". `published` takes both values for editors, which the planner merges in order.
_ITEMS = [
    *(_ascending(f"list_{order}", "labels", "published", f"sort.{order}") for order in ITEM_ORDERS),
    _ascending("related_by", "related.ref", "published", "sort.newest"),
    _ascending("mentioned_by", "related.provider.id"),
    IndexModel(
        [("title", TEXT), ("excerpt", TEXT), ("body", TEXT)],
        name="search",
        weights={"title": 10, "excerpt": 4, "body": 1},
        # A file's own `language` key is data, not an instruction to the text index.
        language_override="textSearchLanguage",
    ),
]
_NAMED = [
    _ascending(f"{audience}_{order}", f"{audience}.sort.{order}")
    for audience in Audience
    for order in NAMED_ORDERS
]
_PARENTS = [
    _ascending(f"{audience}_parent", f"{audience}.parent", f"{audience}.sort.name")
    for audience in Audience
]

INDEXES: dict[str, list[IndexModel]] = {
    "items": _ITEMS,
    "providers": _NAMED,
    "topics": [*_NAMED, *_PARENTS],
    # The loader's own: who defines a subject, and who waits for an item.
    "files": [
        _ascending("defined_by", "definitions._id"),
        _ascending("parent_of", "definitions.parent"),
    ],
    "superseded": [_ascending("waiting_for", "item")],
}


def ensure_indexes(database: Database[Any], *collections: str) -> None:
    """Create the indexes that are missing, of all collections unless some are named.

    Raises StoreError when the server cannot.
    """
    with translated():
        options = _build_options(database)
        for collection in collections or INDEXES:
            database[collection].create_indexes(INDEXES[collection], **options)


def build_item_indexes(database: Database[Any]) -> None:
    """Create the indexes of items that are there already, on two cores.

    Each build reads the collection once, on one core; the lists take as long as all others.
    """
    options = _build_options(database)

    def build(indexes: list[IndexModel]) -> None:
        with translated():
            database["items"].create_indexes(indexes, **options)

    lists = len(ITEM_ORDERS)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(build, (_ITEMS[:lists], _ITEMS[lists:])))


def _build_options(database: Database[Any]) -> dict[str, Any]:
    """Let a build end while a member of the replica set is down: the default waits for them all.

    MongoDB manual, "createIndexes": a single server refuses a quorum.
    """
    hello = database.client.admin.command("hello")
    is_alone = "setName" not in hello and hello.get("msg") != "isdbgrid"
    return {} if is_alone else {"commitQuorum": "majority"}
