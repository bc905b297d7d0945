"""Authentication: a bearer token makes a caller an editor; settings say who all others are."""

import hashlib
import hmac
from collections.abc import Iterable

from starlette.datastructures import Headers

from api.graphql.refusal import Refusal
from api.loopback import is_loopback
from schema.errors import ErrorCode
from store.audience import Audience

# A proxy adds these: the caller is then not on this machine, whatever its address says.
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


class Authenticator:
    """Determines the audience of a request from its headers."""

    def __init__(
        self, *, anonymous: Audience, local_only: bool, editor_tokens: Iterable[str]
    ) -> None:
        self._anonymous = anonymous
        self._local_only = local_only
        self._tokens = [_digest(token) for token in editor_tokens]

    def audience_of(self, headers: Headers) -> Audience:
        """Return the caller's audience. Raises Refusal for a wrong token: it is never ignored."""
        authorization = headers.get("authorization")
        if authorization is None:
            if self._local_only:
                _require_local(headers)
            return self._anonymous
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not self._is_known(token.strip()):
            raise Refusal(
                401,
                "The authorization header has no token of this server: send `Bearer TOKEN` "
                "with the token of an editor, or leave the header out.",
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

    def _is_known(self, token: str) -> bool:
        # Digests have one length and every token is compared, so the time taken reveals nothing.
        received = _digest(token)
        known = False
        for digest in self._tokens:
            known |= hmac.compare_digest(digest, received)
        return known


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()


def _require_local(headers: Headers) -> None:
    """Refuse a request from another machine, where all callers on this machine are editors.

    The Host header reveals a page whose domain was made to point at 127.0.0.1 (DNS rebinding);
    the headers that it adds reveal a proxy.
    """
    host = headers.get("host", "")
    name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
    is_local = is_loopback(name) or name.lower().endswith(".localhost")
    if is_local and not any(header in headers for header in _FORWARDED):
        return
    raise Refusal(
        403,
        "NEWSGRAPH_AUDIENCE is not set, so this server serves only its own machine. "
        "To serve others, set it to public (or to editor).",
        ErrorCode.FORBIDDEN,
    )
