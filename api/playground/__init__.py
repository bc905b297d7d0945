"""The playground: GraphiQL at /graphql for a browser, from this server's own origin.

    Route("/graphql") answers page() when the client prefers text/html
    routes()          are the files that the page loads, under /playground, and / leading to it

The files come from `make playground`, which needs Node; without them the page is Strawberry's own,
which loads GraphiQL from a CDN, under a line that says how to get ours.
"""

from api.playground.assets import routes
from api.playground.page import page

__all__ = ["page", "routes"]
