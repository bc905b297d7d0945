"""The playground: GraphiQL at /graphql for a browser, from this server's own origin.

    page()    is what /graphql returns if the client prefers text/html
    routes()  serves the page's files under /playground

The files are built by `make playground`, which needs Node. Without them the page is Strawberry's,
which loads GraphiQL from a CDN, with a notice that says how to build ours.
"""

from starlette.routing import BaseRoute, Mount

from api.hashed_files import HashedFiles
from api.playground.page import DIST, page

__all__ = ["page", "routes"]


def routes() -> list[BaseRoute]:
    """Return the routes of the page's files, /playground/NAME-HASH.EXTENSION."""
    files = HashedFiles(directory=DIST / "assets", check_dir=False)
    return [Mount("/playground", files, name="playground")]
