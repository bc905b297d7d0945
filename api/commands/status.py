"""`newsgraph status`."""

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import typer

from api.commands.errors import fail
from api.commands.options import Database, DataDir, MongoDbUri

if TYPE_CHECKING:
    from store.reading.store import Store


def status(
    mongodb_uri: MongoDbUri = None, database: Database = None, data_dir: DataDir = None
) -> None:
    """Show which MongoDB is used and what it holds."""
    from api.database import running_mongodb
    from api.settings import load_settings
    from store.errors import StoreError

    settings = load_settings(mongodb_uri=mongodb_uri, database=database, data_dir=data_dir)
    with running_mongodb(settings) as uri:
        is_embedded = settings.mongodb_uri is None
        where = f"embedded, in {settings.data_dir.resolve()}" if is_embedded else _hosts(uri)
        typer.echo(f"MongoDB    {where}")
        typer.echo(f"database   {settings.database}")
        try:
            for line in asyncio.run(_read_lines(uri, settings.database, settings.timeout_s)):
                typer.echo(line)
        except StoreError as error:
            fail(str(error), status=1)


def _hosts(uri: str) -> str:
    """Return the hosts of a URI: it may have a password, which must not be printed."""
    return urlsplit(uri).netloc.rpartition("@")[2]


async def _read_lines(uri: str, database: str, timeout_s: float) -> list[str]:
    from store.reading.store import Store

    store = Store.connect(uri, database, timeout_s=timeout_s)
    try:
        return await _lines(store)
    finally:
        await store.close()


async def _lines(store: "Store") -> list[str]:
    from loaders.report import counted
    from store.audience import Audience
    from store.documents import EVERY_ITEM
    from store.reading.listing import Listing

    lines = [f"version    MongoDB {await store.server_version()}"]
    state = await store.state()
    changed = state["updatedDateTime"]
    lines.append(
        f"corpus     version {state['version']}"
        + (f", changed {changed:%Y-%m-%d %H:%M:%S} UTC" if changed else ", nothing loaded yet")
    )
    for audience in (Audience.EDITOR, Audience.PUBLIC):
        readers = store.readers(audience)
        (items,) = await readers.items.counts([EVERY_ITEM], Listing(audience))
        providers = await readers.providers.count()
        topics = await readers.topics.count()
        lines.append(
            f"{audience:10} {counted(items, 'item')}, {counted(providers, 'provider')}, "
            f"{counted(topics, 'topic')}"
        )
    missing = await store.missing_indexes()
    lines.append("indexes    " + (f"missing: {', '.join(missing)}" if missing else "complete"))
    return lines
