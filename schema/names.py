"""The names, URLs and ids that clients send: bounded, and turned into ids.

Many fields of a query may have the same argument, each under its own alias, so the ids found last
are kept: each is computed once for a request. A request has room for fewer long texts than that.
"""

from functools import lru_cache
from typing import Final

from schema.errors import bad_input
from store.ids import (
    MAX_ID_LENGTH,
    MAX_NAME_LENGTH,
    MAX_URL_LENGTH,
    author_id,
    item_id,
    provider_id,
    topic_id,
)

_MAX_KEPT: Final = 512

_item_id = lru_cache(_MAX_KEPT)(item_id)
_provider_id = lru_cache(_MAX_KEPT)(provider_id)
_topic_id = lru_cache(_MAX_KEPT)(topic_id)
_author_id = lru_cache(_MAX_KEPT)(author_id)


def bounded(text: str, limit: int, argument: str) -> str:
    """Return the text of an argument. Raises ApiError if it has more than `limit` characters."""
    if len(text) > limit:
        raise bad_input(
            f"`{argument}` has {len(text):,} characters; at most {limit:,} are allowed."
        )
    return text


def name(text: str, argument: str) -> str:
    """Return a name, category or type as it is. Raises ApiError if it is too long."""
    return bounded(text, MAX_NAME_LENGTH, argument)


def node_id(text: str, argument: str) -> str:
    """Return an object's id as it is. Raises ApiError if it is too long."""
    return bounded(text, MAX_ID_LENGTH, argument)


def item_id_of(url: str) -> str:
    """Return the id of the item at a URL. Raises ValueError if it is not an absolute URL."""
    return _item_id(url)


def provider_id_of(domain: str, argument: str) -> str:
    """Return the id of the provider at a domain or URL. Raises ApiError if it is too long."""
    return _provider_id(bounded(domain, MAX_URL_LENGTH, argument))


def topic_id_of(name_or_slug: str, argument: str) -> str:
    """Return the id of the topic with a name or slug. Raises ApiError if it is too long."""
    return _topic_id(name(name_or_slug, argument))


def author_id_of(name_or_slug: str, argument: str) -> str:
    """Return the id of the author with a name or slug. Raises ApiError if it is too long."""
    return _author_id(name(name_or_slug, argument))
