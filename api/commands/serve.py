"""`newsgraph serve`."""

from typing import Annotated

import typer

from api.commands.options import Database, DataDir, Host, MongoDbUri, Port


def serve(
    host: Host = None,
    port: Port = None,
    workers: Annotated[
        str | None,
        typer.Option(
            "--workers", metavar="N", help="Number of processes that serve requests. Default: 1."
        ),
    ] = None,
    mongodb_uri: MongoDbUri = None,
    database: Database = None,
    data_dir: DataDir = None,
) -> None:
    """Serve the API at /graphql, with a playground for browsers.

    Environment variables set the audience, limits and more: see docs/operations.md.
    """
    from api.server import run
    from api.settings import load_settings

    settings = load_settings(
        host=host,
        port=port,
        workers=workers,
        mongodb_uri=mongodb_uri,
        database=database,
        data_dir=data_dir,
    )
    run(settings)
