"""Which corpus a command works on: where it is, and what it holds."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from api.settings import Settings
from store.audience import Audience
from store.errors import Outdated
from store.labels import EVERY_ITEM
from store.reading.listing import Listing
from store.reading.store import Store
from store.taxonomies import AUTHORS, PROVIDERS, TOPICS


@dataclass(frozen=True)
class Counts:
    """What an audience sees."""

    items: int
    providers: int
    topics: int
    authors: int


@dataclass(frozen=True)
class Corpus:
    """What a database holds; `changed` (UTC) is None before the first load."""

    mongodb: str
    version: int
    changed: datetime | None
    counts: dict[Audience, Counts]
    missing_indexes: list[str]
    is_outdated: bool
    """Whether there are documents of an older version of newsgraph."""


def location(settings: Settings) -> str:
    """Return where the corpus is: a folder, or the hosts of a URI, which may have a password."""
    if settings.mongodb_uri is None:
        return str(settings.data_dir.resolve())
    return urlsplit(settings.mongodb_uri).netloc.rpartition("@")[2]


async def read_corpus(
    uri: str, database: str, *, timeout_s: float, text_index: bool = True
) -> Corpus:
    """Return what a database holds. Raises StoreError; no call takes longer than `timeout_s`.

    Without `text_index`, the text index of items does not count as missing.
    """
    store = Store.connect(uri, database, timeout_s=timeout_s, text=text_index)
    try:
        state = await store.state()
        return Corpus(
            mongodb=await store.server_version(),
            version=state["version"],
            changed=state["updatedDateTime"],
            counts={audience: await _counts(store, audience) for audience in Audience},
            missing_indexes=await store.missing_indexes(),
            is_outdated=await _is_outdated(store),
        )
    finally:
        await store.close()


async def _is_outdated(store: Store) -> bool:
    try:
        await store.check_documents()
    except Outdated:
        return True
    return False


async def _counts(store: Store, audience: Audience) -> Counts:
    readers = store.readers(audience)
    (items,) = await readers.items.counts([EVERY_ITEM], Listing(audience))
    derived = [await readers.of(taxonomy).count() for taxonomy in (PROVIDERS, TOPICS, AUTHORS)]
    return Counts(items, *derived)
