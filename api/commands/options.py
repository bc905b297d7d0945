"""The flags that several commands share: each one overrides a setting."""

from pathlib import Path
from typing import Annotated

import typer

MongoDbUri = Annotated[
    str | None,
    typer.Option("--mongodb-uri", metavar="URI", help="MongoDB to use. Default: an embedded one."),
]
Database = Annotated[
    str | None,
    typer.Option("--database", metavar="NAME", help="Name of the database. Default: newsgraph."),
]
DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        metavar="FOLDER",
        help="Folder for the embedded MongoDB and the search index. Default: .newsgraph.",
    ),
]
Host = Annotated[
    str | None,
    typer.Option("--host", metavar="HOST", help="Address to listen on. Default: 127.0.0.1."),
]
Port = Annotated[
    str | None,
    typer.Option(
        "--port", metavar="PORT", help="Port to listen on; 0 picks a free one. Default: 8000."
    ),
]
