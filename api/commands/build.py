"""`newsgraph build`."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.commands.errors import fail, print_error
from api.commands.options import Database, DataDir, MongoDbUri

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from strawberry.types.execution import ExecutionResult

    from api.settings import Settings
    from api.static_site.build import BuildReport
    from api.static_site.entries import Entry
    from store.audience import Audience

EPILOGS = {
    "build": """
Examples:
  newsgraph build --queries q/ --to site/    Execute the queries in q/.
  newsgraph build --queries q/ --to site/ --audience editor    With drafts.

Exit status:
  0    All results are written.
  1    A result has errors; its old files are kept.
  2    The command, a query or a setting is invalid, or MongoDB cannot run.
""",
}


def build(
    queries: Annotated[
        Path, typer.Option("--queries", metavar="FOLDER", help="Folder of .graphql files.")
    ],
    to: Annotated[Path, typer.Option("--to", metavar="FOLDER", help="Folder for the results.")],
    audience: Annotated[
        str, typer.Option("--audience", metavar="WHO", help="public or editor. Default: public.")
    ] = "public",
    mongodb_uri: MongoDbUri = None,
    database: Database = None,
    data_dir: DataDir = None,
) -> None:
    """Write the results of queries as static JSON files.

    Only results that may have changed are computed again. NAME.variables.json beside NAME.graphql
    has a list of variables, and a query with $after is executed for each page.
    """
    from api.database import running_mongodb
    from api.documents.folder import BadDocuments
    from api.settings import load_settings
    from api.static_site.entries import read_entries
    from loaders.report import counted
    from store.audience import Audience

    if audience not in [*Audience]:
        fail(f"--audience is {audience!r}: write public or editor")
    settings = load_settings(mongodb_uri=mongodb_uri, database=database, data_dir=data_dir)
    try:
        entries = read_entries(queries)
    except BadDocuments as error:
        fail(str(error))
    if not entries:
        print_error(f"{queries} has no .graphql files")
    with running_mongodb(settings) as uri:
        report = asyncio.run(_build(entries, to, uri, settings, Audience(audience)))
    for message in report.failed:
        print_error(message)
    typer.echo(
        f"{counted(len(report.written), 'file')} written, {len(report.unchanged)} unchanged, "
        f"{len(report.removed)} removed"
    )
    if report.failed:
        raise typer.Exit(1)


async def _build(
    entries: "Sequence[Entry]", site: Path, uri: str, settings: "Settings", audience: "Audience"
) -> "BuildReport":
    import hashlib
    from importlib.metadata import version

    from strawberry.types.graphql import OperationType

    from api.setting_types import SearchBackend
    from api.static_site.build import build as build_files
    from schema.context import Context
    from schema.limits.limits import Limits
    from schema.pictures import Pictures
    from schema.schema import build_schema
    from store.reading.store import Store

    limits = Limits(
        max_depth=settings.max_depth,
        max_cost=settings.max_cost,
        max_response_mb=settings.max_response_mb,
    )
    store = Store.connect(uri, settings.database, timeout_s=settings.timeout_s)
    try:
        state, site_state = await store.state(), await store.site()
        schema = build_schema(limits=limits, site_fields=site_state.fields)

        async def answer(query: str, variables: "Mapping[str, Any]") -> "ExecutionResult":
            return await schema.execute(
                query,
                dict(variables),
                context_value=Context(store, audience, pictures=pictures, searches=searches),
                allowed_operation_types=(OperationType.QUERY,),
            )

        # A build has no search index of its own beside MongoDB's.
        searches = settings.search is SearchBackend.MONGODB
        pictures = Pictures(settings.media_url, None)
        sdl = hashlib.sha256(schema.as_str().encode()).hexdigest()
        stamp = repr(
            (version("newsgraph"), sdl, settings.database, state, audience, limits, pictures)
        )
        return await build_files(entries, site, answer, stamp)
    finally:
        await store.close()
