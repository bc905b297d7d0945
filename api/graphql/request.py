"""Reads the parameters of a GraphQL request from an HTTP request, and checks them."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import orjson
from starlette.datastructures import QueryParams
from starlette.requests import Request

from api.graphql.headers import Headers
from api.graphql.refusal import Refusal
from api.observability.middleware import HAS_ARRIVED

METHODS_WITH_BODY: Final = frozenset({"POST", "QUERY"})
"""The methods whose parameters are in the body; GET and HEAD have them in the URL."""

ACCEPTED_BODIES: Final = {"accept-post": "application/json", "accept-query": "application/json"}
"""Headers that say which bodies are read (W3C LDP, section 7.1; RFC 10008, section 3)."""

# Reading stopped half-way, and the rest of the body must not be parsed as the next request.
_CLOSE = {"connection": "close"}


@dataclass(slots=True, frozen=True)
class GraphQLRequest:
    """The parameters of one operation; without a query, they name a document."""

    query: str | None
    operation_name: str | None
    variables: dict[str, Any]
    extensions: dict[str, Any]
    document_id: str | None = None
    """The id of a document that the server has (GraphQL over HTTP, "Persisted Documents")."""

    @property
    def wants_cost(self) -> bool:
        """Whether the client sent `"extensions": {"cost": true}`."""
        return self.extensions.get("cost") is True


async def read_request(
    request: Request, headers: Headers, *, max_body: int, timeout_s: float
) -> GraphQLRequest:
    """Read the parameters from the URL (GET) or a JSON body (POST, QUERY).

    `max_body` is in bytes; the body has to arrive within `timeout_s` seconds. Raises Refusal.
    """
    if request.method in METHODS_WITH_BODY:
        _require_json(headers)
        _require_length(headers, max_body)
        if request.scope.get(HAS_ARRIVED):  # nearly always; no timer is needed
            return _from_json(await _body(request, max_body))
        try:
            async with asyncio.timeout(timeout_s):
                body = await _body(request, max_body)
        except TimeoutError:
            raise Refusal(
                408, f"The body did not arrive within {timeout_s:g} seconds.", headers=_CLOSE
            ) from None
        return _from_json(body)
    return _from_url(request.query_params)


def _require_json(headers: Headers) -> None:
    if not _is_json(headers.get("content-type", "")):
        raise Refusal(
            415,
            "Send the request as content-type: application/json, in UTF-8.",
            headers={**ACCEPTED_BODIES, **_CLOSE},
        )
    if headers.get("content-encoding", "identity") != "identity":
        raise Refusal(415, "Send the body without content-encoding.", headers=_CLOSE)


@lru_cache(maxsize=256)  # clients choose their headers, so the cache has to be bounded
def _is_json(content_type: str) -> bool:
    media_type, *parameters = (part.strip() for part in content_type.split(";"))
    return media_type.lower() == "application/json" and _charset(parameters) in ("utf-8", "utf8")


def _charset(parameters: list[str]) -> str:
    for parameter in parameters:
        name, _, value = parameter.lower().partition("=")
        if name == "charset":
            return value.strip('"')
    return "utf-8"


def _require_length(headers: Headers, max_body: int) -> None:
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length[:20]) > max_body:
        raise _too_large(max_body)


async def _body(request: Request, max_body: int) -> bytes:
    body = bytearray()  # clients choose how many chunks there are
    while True:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise Refusal(400, "The client went away.", headers=_CLOSE)
        body += message.get("body", b"")
        if len(body) > max_body:  # a chunked body does not declare its length
            raise _too_large(max_body)
        if not message.get("more_body", False):
            return bytes(body)


def _too_large(max_body: int) -> Refusal:
    return Refusal(413, f"The body is larger than {max_body // 1024} KiB.", headers=_CLOSE)


def _from_json(body: bytes) -> GraphQLRequest:
    parameters = _json(body, "The body")
    if isinstance(parameters, list):
        raise Refusal(400, "Send one operation at a time; batches are not served.")
    if not isinstance(parameters, dict):
        raise Refusal(400, "The body must be a JSON object with a query.")
    return _checked(parameters)


def _from_url(parameters: QueryParams) -> GraphQLRequest:
    found: dict[str, object] = {}
    for name in ("query", "documentId", "operationName", "variables", "extensions"):
        values = parameters.getlist(name)
        if len(values) > 1:
            raise Refusal(400, f"The parameter {name} is given more than once.")
        if values and values[0]:
            is_map = name in ("variables", "extensions")
            found[name] = (
                _json(values[0].encode(), f"The parameter {name}") if is_map else values[0]
            )
    return _checked(found)


def _json(text: bytes, what: str) -> object:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Refusal(400, f"{what} is not JSON: {error.msg}.") from None


def _checked(parameters: Mapping[str, object]) -> GraphQLRequest:
    return GraphQLRequest(
        query=_text(parameters, "query"),
        operation_name=_text(parameters, "operationName") or None,  # "" is as good as absent
        variables=_map(parameters, "variables"),
        extensions=_map(parameters, "extensions"),
        document_id=_text(parameters, "documentId"),
    )


def _text(parameters: Mapping[str, object], name: str) -> str | None:
    value = parameters.get(name)
    if value is not None and not isinstance(value, str):
        raise Refusal(400, f"The parameter {name} must be a string.")
    return value


def _map(parameters: Mapping[str, object], name: str) -> dict[str, Any]:
    value = parameters.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Refusal(400, f"The parameter {name} must be a JSON object.")
    return value
