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
    str | None,
    typer.Option("--database", metavar="NAME", help="The database's name. Default: newsgraph."),
]
DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        metavar="FOLDER",
        help="Where the embedded MongoDB keeps its files. Default: .newsgraph.",
    ),
]
Host = Annotated[
    str | None,
    typer.Option("--host", metavar="HOST", help="The address to listen on. Default: 127.0.0.1."),
]
Port = Annotated[
    int | None,
    typer.Option(
        "--port",
        metavar="PORT",
        help="The port to listen on. Default: 8000; 0 is any that is free.",
    ),
]
