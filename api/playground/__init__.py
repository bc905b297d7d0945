"""The playground: GraphiQL at /graphql for a browser, from this server's own origin.

    page()    is what /graphql returns if the client prefers text/html
    routes()  serves the page's files under /playground, and redirects / to the page

The files are built by `make playground`, which needs Node. Without them the page is Strawberry's,
which loads GraphiQL from a CDN, with a notice that says how to build ours.
"""

from api.playground.assets import routes
from api.playground.page import page

__all__ = ["page", "routes"]
