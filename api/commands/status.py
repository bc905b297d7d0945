"""`newsgraph status`."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.errors import fail, print_error
from api.commands.options import Database, DataDir, MongoDbUri
from api.commands.roots import described

if TYPE_CHECKING:
    from api.corpus import Corpus
    from api.settings import Settings

EPILOGS = {
    "status": """
Examples:
  newsgraph status                          Show what is loaded here.
  newsgraph status --data-dir /srv/news     Show another data folder.
  newsgraph status --database newsgraph_demo    Show the demo's.

Exit status:
  0    MongoDB responds, or nothing is loaded yet.
  1    MongoDB does not respond, or rejects the credentials.
  2    The command or a setting is invalid, or MongoDB cannot run.
""",
}


def status(
    check: Annotated[
        bool, typer.Option("--check", help="Also check every document, and list the damaged ones.")
    ] = False,
    mongodb_uri: MongoDbUri = None,
    database: Database = None,
    data_dir: DataDir = None,
) -> None:
    """Show which MongoDB is used and what it holds."""
    from api.corpus import location, read_corpus
    from api.database import has_data, running_mongodb
    from api.settings import load_settings, unknown_settings
    from store.errors import StoreError
    from store.writing.roots import read_roots

    settings = load_settings(mongodb_uri=mongodb_uri, database=database, data_dir=data_dir)
    for sentence in unknown_settings():
        print_error(sentence)
    is_embedded = settings.mongodb_uri is None
    typer.echo(f"MongoDB    {'embedded, in ' if is_embedded else ''}{location(settings)}")
    if not has_data(settings):
        # Starting the server would create the folder, which may be a mistyped one.
        typer.echo(_NOTHING)
        return
    with running_mongodb(settings) as uri:
        typer.echo(f"database   {settings.database}")
        try:
            corpus = asyncio.run(
                read_corpus(
                    uri,
                    settings.database,
                    timeout_s=settings.timeout_s,
                    text_index=settings.text_index,
                )
            )
            for line in (*_lines(corpus), *_search_lines(settings)):
                typer.echo(line)
            for line in described(read_roots(uri, settings.database)):
                typer.echo(f"{'' if line.startswith(' ') else 'root':10} {line}")
            damaged = asyncio.run(_show_damage(uri, settings.database)) if check else 0
        except StoreError as error:
            fail(str(error), status=1)
    if damaged:
        raise typer.Exit(1)


_NOTHING = "corpus     nothing loaded yet: newsgraph load PATH"


async def _show_damage(uri: str, database: str) -> int:
    """Print a line for each damaged document, as they are found; return how many there are."""
    from loaders.diagnostics import escaped
    from loaders.report import counted
    from store.reading.store import Store

    damaged = 0
    store = Store.connect(uri, database)
    try:
        async for one in store.damaged_documents():
            damaged += 1
            where = f" ({one.path})" if one.path else ""
            typer.echo(escaped(f"damaged    {one.id}{where}: {one.problem}"))
    finally:
        await store.close()
    summary = counted(damaged, "damaged document") if damaged else "no document is damaged"
    typer.echo(f"check      {summary}")
    return damaged


def _search_lines(settings: "Settings") -> list[str]:
    from api.setting_types import SearchBackend
    from store.search.folder import SearchFolder
    from store.search.status import FollowerStatus

    if settings.search is not SearchBackend.TANTIVY:
        return []
    folder = SearchFolder.of(settings.data_dir, settings.database)
    status = FollowerStatus.read(folder.status)
    if status is None:
        return ["search     no index on this machine yet: `newsgraph serve` builds it"]
    return [f"search     the index {status}"]


def _lines(corpus: "Corpus") -> list[str]:
    from loaders.report import counted

    lines = [f"version    MongoDB {corpus.mongodb}"]
    if corpus.changed is None:
        return [*lines, _NOTHING]
    lines.append(
        f"corpus     version {corpus.version}, changed {corpus.changed:%Y-%m-%d %H:%M:%S} UTC"
    )
    for audience, counts in corpus.counts.items():
        lines.append(
            f"{audience:10} {counted(counts.items, 'item')}, "
            f"{counted(counts.providers, 'provider')}, {counted(counts.topics, 'topic')}, "
            f"{counted(counts.authors, 'author')}"
        )
    if corpus.is_outdated:
        lines.append("outdated   loaded by an older version of newsgraph: load each root again")
    missing = corpus.missing_indexes
    lines.append("indexes    " + (f"missing: {', '.join(missing)}" if missing else "complete"))
    return lines
