"""`newsgraph demo`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.errors import fail
from api.commands.options import DataDir, Host, Port

if TYPE_CHECKING:
    from api.settings import Settings

_INSTALLED = Path(__file__).parents[1] / "examples"  # in a wheel: see pyproject.toml
_CLONED = Path(__file__).parents[2] / "examples"
EXAMPLES = _INSTALLED if _INSTALLED.is_dir() else _CLONED
# Separate from the user's own items, and from each other: their schemas differ.
_DATABASES = {"content": "newsgraph_demo", "blog": "newsgraph_demo_blog"}


def demo(
    host: Host = None,
    port: Port = None,
    data_dir: DataDir = None,
    blog: Annotated[
        bool,
        typer.Option("--blog", help="Serve a small blog with its own fields instead of news."),
    ] = False,
) -> None:
    """Load the example content and serve it.

    No setup is needed: MongoDB is embedded. The demo uses a separate database, so your own items
    stay as they are.
    """
    from api.server import run
    from api.settings import load_settings

    name = "blog" if blog else "content"
    content = EXAMPLES / name
    if not content.is_dir():
        fail(f"{content} is missing; install newsgraph again.", status=1)
    media = content / "media"
    settings = load_settings(
        host=host,
        port=port,
        data_dir=data_dir,
        database=_DATABASES[name],
        media_dir=media if media.is_dir() else None,
    )
    # The demo never touches the user's own MongoDB.
    run(
        settings.model_copy(update={"mongodb_uri": None}),
        prepare=lambda started: _load(content, started),
    )


def _load(content: Path, settings: "Settings") -> None:
    from loaders.load import load
    from loaders.options import Options

    options = Options(
        prune=True,
        force=True,
        text_index=settings.text_index,
        shows_future=settings.shows_future,
        on_diagnostic=lambda diagnostic: print(diagnostic),
    )
    report = load(
        [str(content)],
        uri=settings.mongodb_uri or "",
        database=settings.database,
        options=options,
    )
    print(report, file=sys.stderr)
