"""Feeds, sitemaps, and items as Markdown: the public's view, for programs that read.

    routes(graphql, items, has_reader=…, title=…)  serves them

Everything is asked of newsgraph's own schema, so all that holds there for the public holds here.
"""

from api.feeds.routes import routes

__all__ = ["routes"]
