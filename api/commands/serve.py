"""`newsgraph serve`."""

from typing import Annotated

import typer

from api.commands.options import Database, DataDir, Host, MongoDbUri, Port

EPILOGS = {
    "serve": """
Examples:
  newsgraph serve                               Serve this machine only.
  newsgraph serve --workers 2 --port 8080       Use two cores, and another port.
  NEWSGRAPH_AUDIENCE=public newsgraph serve --host 0.0.0.0    Serve others.

Exit status:
  0    Stopped by a signal.
  1    No worker could start.
  2    The command or a setting is invalid, or MongoDB cannot run.
""",
}


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
    """Serve the API, its playground and the reader.

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
