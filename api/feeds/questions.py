"""The queries behind the pages, executed on newsgraph's own schema for the public."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import strawberry

from api.graphql.refusal import Refusal
from schema.errors import ErrorCode

MAX_ENTRIES: Final = 30
"""Items in a feed."""

MAX_LISTED: Final = 100
"""Items, and as many topics and providers, in llms.txt: a page of a list."""

Data = dict[str, Any]

_STATUS: Final = {str(ErrorCode.UNAVAILABLE): 503, str(ErrorCode.TIMEOUT): 504}

_ENTRY: Final = """
fragment Entry on Item {
  id title webUrl publishedDateTime updatedDateTime summary locale tags category
  bodyHtml @include(if: $withBodies)
  authors { name } provider { name domain } topics { name } images(first: 1) { url }
}
"""
_LIST: Final = f"items(first: {MAX_ENTRIES}) {{ nodes {{ ...Entry }} }}"
_CORPUS: Final = "corpus { updatedDateTime }"

FEEDS: Final[Mapping[str, str]] = {
    kind: f"query ({variables}$withBodies: Boolean!) {{ list: {lists} {_CORPUS} }} {_ENTRY}"
    for kind, variables, lists in (
        ("items", "", _LIST),
        ("topics", "$key: String!, ", f"topic(name: $key) {{ name key: slug {_LIST} }}"),
        ("providers", "$key: String!, ", f"provider(domain: $key) {{ name key: domain {_LIST} }}"),
        ("authors", "$key: String!, ", f"author(name: $key) {{ name key: slug {_LIST} }}"),
    )
}
"""The query of each kind of feed."""

ITEM: Final = """query ($id: ID!) {
  item(id: $id) {
    id title webUrl publishedDateTime updatedDateTime excerpt body bodyFormat bodyText
    authors { name } provider { name } topics { name }
    related { title webUrl item { id } }
  }
}"""

SUMMARY: Final = f"""{{
  items(first: {MAX_LISTED}) {{ nodes {{ id title summary(length: 160) }} totalCount }}
  topics(first: {MAX_LISTED}, orderBy: MOST_ITEMS) {{ nodes {{ name slug itemCount }} }}
  providers(first: {MAX_LISTED}, orderBy: MOST_ITEMS) {{ nodes {{ name domain itemCount }} }}
}}"""


async def ask(
    schema: strawberry.Schema,
    context: object,
    query: str,
    variables: Mapping[str, object],
    timeout_s: float,
) -> Data:
    """Return the data of a query.

    Raises Refusal if one of its root fields, or a list in it, could not be read.
    """
    try:
        async with asyncio.timeout(timeout_s):
            result = await schema.execute(query, dict(variables), context_value=context)
    except TimeoutError:
        raise Refusal(504, "It took too long; try again later.", ErrorCode.TIMEOUT) from None
    for error in result.errors or ():
        if _is_of_a_part(error.path):
            continue
        code = str((error.extensions or {}).get("code"))
        if code == ErrorCode.BAD_USER_INPUT:
            raise not_found()
        raise Refusal(_STATUS.get(code, 500), error.message, code)
    return result.data or {}


def not_found() -> Refusal:
    """Return the refusal of what does not exist, or may not be seen."""
    return Refusal(404, "There is no such page.")


def _is_of_a_part(path: object) -> bool:
    """Return whether a part of one item is missing, such as a body that is too long."""
    return isinstance(path, list) and path[-1] in ("bodyHtml", "bodyText")
