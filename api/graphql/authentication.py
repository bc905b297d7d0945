"""Authentication: a bearer token makes a caller an editor; settings say who all others are.

Where everybody who can connect is an editor, a web page borrows that from its visitor. So a page of
another origin counts as the public, unless it sends a token or the operator trusts its origin.
"""

import hashlib
import hmac
from collections.abc import Iterable
from typing import Final

from api.graphql.csrf import is_from_another_origin
from api.graphql.headers import Headers
from api.graphql.hosts import require_known, require_local
from api.graphql.negotiation import VARY
from api.graphql.refusal import Refusal
from schema.errors import ErrorCode
from store.audience import Audience

AUDIENCE_HEADER: Final = "newsgraph-audience"
"""The header with which editors ask for what the public sees."""


class Authenticator:
    """Determines the audience of a request from its headers."""

    def __init__(
        self,
        *,
        anonymous: Audience,
        local_only: bool,
        editor_tokens: Iterable[str],
        hosts: Iterable[str] | None = (),
        trusted_origins: Iterable[str] = (),
    ) -> None:
        """Make an authenticator of callers, who are `anonymous` without a token.

        `local_only` refuses callers from other machines. `hosts` are the names by which callers
        without a token may address the server, besides loopback names and addresses; None allows
        every name. Pages of `trusted_origins` have the rights of their visitors.
        """
        editors_need_no_token = anonymous is Audience.EDITOR
        self.vary = f"{VARY}, Origin, Sec-Fetch-Site" if editors_need_no_token else VARY
        """The request headers that a response depends on."""
        self._anonymous = anonymous
        self._local_only = local_only
        self._hosts = None if hosts is None else frozenset(host.lower() for host in hosts)
        self._trusted_origins = frozenset(trusted_origins)
        self._tokens = [_digest(token) for token in editor_tokens]

    def audience_of(self, headers: Headers) -> Audience:
        """Return the audience that the caller asks as: an editor may ask as the public.

        Raises Refusal for a wrong token, which is never ignored, and for a caller without one who
        addresses the server by a name that is not its own.
        """
        audience = self._audience_of(headers)
        asked = headers.get(AUDIENCE_HEADER)
        if asked is None:
            return audience
        if asked.strip().lower() != Audience.PUBLIC:
            message = f"The header {AUDIENCE_HEADER} can only be `public`, for the public's view."
            raise Refusal(400, message)
        return Audience.PUBLIC

    def _audience_of(self, headers: Headers) -> Audience:
        authorization = headers.get("authorization")
        if authorization is None:
            return self._anonymous_audience(headers)
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not self._is_known(token.strip()):
            raise Refusal(
                401,
                "The authorization header has no valid token: send `Bearer TOKEN` with an editor's "
                "token, or leave the header out.",
                ErrorCode.UNAUTHENTICATED,
                {"www-authenticate": 'Bearer realm="newsgraph", error="invalid_token"'},
            )
        return Audience.EDITOR

    def require_editor(self, headers: Headers) -> None:
        """Raise Refusal unless the caller is an editor."""
        if self.audience_of(headers) is not Audience.EDITOR:
            raise Refusal(
                401,
                "This page is for editors: send authorization: Bearer TOKEN.",
                ErrorCode.UNAUTHENTICATED,
                {"www-authenticate": 'Bearer realm="newsgraph"'},
            )

    def _anonymous_audience(self, headers: Headers) -> Audience:
        if self._local_only:
            require_local(headers)
        elif self._hosts is not None:
            require_known(headers, self._hosts)
        if (
            self._anonymous is Audience.EDITOR
            and is_from_another_origin(headers)
            and headers.get("origin") not in self._trusted_origins
        ):
            return Audience.PUBLIC
        return self._anonymous

    def _is_known(self, token: str) -> bool:
        # Digests have one length and every token is compared, so the time taken reveals nothing.
        received = _digest(token)
        known = False
        for digest in self._tokens:
            known |= hmac.compare_digest(digest, received)
        return known


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
