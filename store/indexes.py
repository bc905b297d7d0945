"""The indexes of each collection, and their creation."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypedDict

from pymongo import ASCENDING, TEXT, IndexModel
from pymongo.database import Database
from pymongo.errors import OperationFailure

from store.audience import Audience
from store.errors import translated
from store.orders import STORED_ITEM_ORDERS, ItemOrder, TaxonomyOrder
from store.taxonomies import TAXONOMIES

TEXT_INDEX: Final = "search"
"""The index of the words of items. Each insert changes some 80 of its pages, so it exists only
where MongoDB answers searches."""


def _ascending(name: str, *fields: str) -> IndexModel:
    return IndexModel([(field, ASCENDING) for field in fields], name=name)


LIST_NEWEST, TURNS = f"list_{ItemOrder.NEWEST}", "turns"
"""The names of indexes that `store.writing.clock` asks for."""

# Equality fields first, the sort key last: MongoDB manual, "The ESR (Equality, Sort, Range)
# Guideline". For editors `published` takes both values, which the planner merges in order.
_ITEMS = [
    *(
        _ascending(f"list_{order}", "labels", "published", f"sort.{order}")
        for order in STORED_ITEM_ORDERS
    ),
    _ascending(
        "counts",
        *("published", "countable.category", "countable.type", "provider.id", "publishedDateTime"),
    ),
    _ascending("related_by", "related.ref", "published", f"sort.{ItemOrder.NEWEST}"),
    _ascending("by_slug", "slug", "published"),
    _ascending("mentioned_by", "related.provider.id"),
    # Few items have it: those that the clock publishes or takes back.
    IndexModel([("turnsAt", ASCENDING)], name=TURNS, sparse=True),
    IndexModel(
        [("title", TEXT), ("excerpt", TEXT), ("body", TEXT)],
        name=TEXT_INDEX,
        weights={"title": 10, "excerpt": 4, "body": 1},
        # A file's own `language` key is data, not an instruction to the text index.
        language_override="textSearchLanguage",
    ),
]
_VIEWS = [
    _ascending(f"{audience}_{order}", f"{audience}.sort.{order}")
    for audience in Audience
    for order in TaxonomyOrder
]
_PARENTS = [
    _ascending(f"{audience}_parent", f"{audience}.parent", f"{audience}.sort.{TaxonomyOrder.NAME}")
    for audience in Audience
]

INDEXES: dict[str, list[IndexModel]] = {
    "items": _ITEMS,
    **{
        taxonomy.collection: [*_VIEWS, *(_PARENTS if taxonomy.has_parents else ())]
        for taxonomy in TAXONOMIES
    },
    # For loads: the definitions of a provider or topic, and the queued candidates for an item.
    "files": [
        _ascending("defined_by", "definitions._id"),
        _ascending("parent_of", "definitions.parent"),
    ],
    "superseded": [_ascending("waiting_for", "item")],
}


_DOES_NOT_EXIST = (26, 27)  # server errors: the collection, the index


def indexes_of(collection: str, *, text: bool = True) -> list[IndexModel]:
    """Return the indexes of a collection, with or without the text index of items."""
    return [index for index in INDEXES[collection] if text or index.document["name"] != TEXT_INDEX]


def ensure_indexes(database: Database[Any], *collections: str, text: bool = True) -> None:
    """Create the missing indexes of the named collections, by default of all.

    Raises StoreError.
    """
    with translated():
        options = _build_options(database)
        for collection in collections or INDEXES:
            database[collection].create_indexes(indexes_of(collection, text=text), **options)


def drop_text_index(database: Database[Any]) -> None:
    """Delete the text index of items, if there is one. Raises StoreError."""
    with translated():
        try:
            database["items"].drop_index(TEXT_INDEX)
        except OperationFailure as error:
            if error.code not in _DOES_NOT_EXIST:
                raise


def build_item_indexes(database: Database[Any], *, text: bool = True) -> None:
    """Create the indexes of a full `items` collection, on two cores. Raises StoreError.

    Each build reads the collection once, on one core. The list indexes take as long as all others
    together.
    """
    options = _build_options(database)
    wanted = indexes_of("items", text=text)

    def build(indexes: list[IndexModel]) -> None:
        with translated():
            database["items"].create_indexes(indexes, **options)

    lists = len(STORED_ITEM_ORDERS)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(build, (wanted[:lists], wanted[lists:])))


class _BuildOptions(TypedDict, total=False):
    commitQuorum: str


def _build_options(database: Database[Any]) -> _BuildOptions:
    """Return options with which a build ends while a member of the replica set is down.

    The default waits for all members. A server without a replica set rejects a quorum (MongoDB
    manual, "createIndexes").
    """
    hello = database.client.admin.command("hello")
    is_alone = "setName" not in hello and hello.get("msg") != "isdbgrid"
    return {} if is_alone else {"commitQuorum": "majority"}
