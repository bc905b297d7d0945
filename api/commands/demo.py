"""`newsgraph demo`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from api.commands.errors import fail
from api.commands.options import DataDir, Host, Port

if TYPE_CHECKING:
    from api.settings import Settings

_INSTALLED = Path(__file__).parents[1] / "examples/content"  # in a wheel: see pyproject.toml
_CLONED = Path(__file__).parents[2] / "examples/content"
CONTENT = _INSTALLED if _INSTALLED.is_dir() else _CLONED
DATABASE = "newsgraph_demo"  # separate from the user's own items


def demo(host: Host = None, port: Port = None, data_dir: DataDir = None) -> None:
    """Load the example content into an embedded MongoDB and serve it.

    The demo uses a separate database, so your own items stay as they are.
    """
    from api.server import run
    from api.settings import load_settings

    if not CONTENT.is_dir():
        fail(f"{CONTENT} is missing; install newsgraph again.", status=1)
    settings = load_settings(
        host=host, port=port, data_dir=data_dir, database=DATABASE, media_dir=CONTENT / "media"
    )
    # The demo never touches the user's own MongoDB.
    run(settings.model_copy(update={"mongodb_uri": None}), prepare=_load)


def _load(settings: "Settings") -> None:
    from loaders.load import load
    from loaders.options import Options

    options = Options(prune=True, force=True, on_diagnostic=lambda diagnostic: print(diagnostic))
    report = load(
        [str(CONTENT)], uri=settings.mongodb_uri or "", database=DATABASE, options=options
    )
    print(report, file=sys.stderr)
