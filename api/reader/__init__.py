"""The reader: a news site at /, made of this server's own API.

    routes(title)  serves its page, under every address that the page knows, and the page's files

The files are built by `make reader`, which needs Node. Without them there is no reader.
"""

from starlette.routing import BaseRoute, Mount, Route

from api.hashed_files import HashedFiles
from api.reader.page import DIST, PATHS, is_built, page_of

__all__ = ["is_built", "routes"]


def routes(title: str | None) -> list[BaseRoute]:
    """Return the routes of the page and of its files, /reader/NAME-HASH.EXTENSION.

    `title` is the name of the site; without one, the page chooses it.
    """
    files = HashedFiles(directory=DIST / "assets", check_dir=False)
    return [
        *(Route(path, page_of(title), methods=["GET"]) for path in PATHS),
        Mount("/reader", files, name="reader"),
    ]
