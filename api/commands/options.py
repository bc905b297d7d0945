"""The flags that several commands share: each stands for a setting and wins over it."""

from pathlib import Path
from typing import Annotated

import typer

MongoDbUri = Annotated[
    str | None,
    typer.Option(
        "--mongodb-uri", metavar="URI", help="Where MongoDB is. Default: an embedded one."
    ),
]
Database = Annotated[
    str | None, typer.Option("--database", metavar="NAME", help="The database's name.")
]
DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir", metavar="FOLDER", help="Where the embedded MongoDB keeps its files."
    ),
]
Host = Annotated[str | None, typer.Option("--host", help="The address to listen on.")]
Port = Annotated[int | None, typer.Option("--port", help="The port to listen on.")]
