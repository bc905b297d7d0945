"""A request's headers, decoded once."""

from collections.abc import Mapping

from starlette.types import Scope

Headers = Mapping[str, str]
"""Header values by name, in lower case."""


def headers_of(scope: Scope) -> Headers:
    """Return a request's headers; of one that is repeated, the first value.

    Starlette's `Headers` searches and decodes all headers for each lookup, and a request makes a
    dozen of them.
    """
    return {
        name.decode("latin-1"): value.decode("latin-1")
        for name, value in reversed(list(scope["headers"]))
    }
