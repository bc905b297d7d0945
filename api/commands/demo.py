"""`newsgraph demo`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from api.commands.options import DataDir, Host, Port

if TYPE_CHECKING:
    from api.settings import Settings

CONTENT = Path(__file__).parents[2] / "examples/content"
DATABASE = "newsgraph_demo"  # beside the corpus of one's own, never in it


def demo(host: Host = None, port: Port = None, data_dir: DataDir = None) -> None:
    """Load the example content into an embedded MongoDB and serve it."""
    from api.server import run
    from api.settings import load_settings

    if not CONTENT.is_dir():
        print(
            f"newsgraph: the examples are not at {CONTENT}; clone the repository", file=sys.stderr
        )
        raise typer.Exit(1)
    chosen = load_settings(
        host=host, port=port, data_dir=data_dir, database=DATABASE, media_dir=CONTENT / "media"
    )
    # The demo never touches a MongoDB of one's own.
    run(chosen.model_copy(update={"mongodb_uri": None}), prepare=_load)


def _load(settings: "Settings") -> None:
    from loaders.load import load
    from loaders.options import Options

    options = Options(prune=True, force=True, on_diagnostic=lambda problem: print(problem))
    report = load(
        [str(CONTENT)], uri=settings.mongodb_uri or "", database=DATABASE, options=options
    )
    print(f"{report}", file=sys.stderr)
