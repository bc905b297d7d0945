"""Which web pages may call the API: the origins of `NEWSGRAPH_CORS_ORIGINS`."""

import re
from collections.abc import Iterable

ANY = "*"

# One label of a host name (RFC 1035, section 2.3.4), as browsers write it.
_LABEL = "[a-z0-9_-]{1,63}"


class Origins:
    """Origins, patterns of origins such as `https://*.app.example`, or all (`*`).

    As in certificates (RFC 6125, section 6.4.3), the star of a pattern stands for one label.
    """

    def __init__(self, entries: Iterable[str] = ()) -> None:
        self.entries = tuple(entries)
        patterns = [entry for entry in self.entries if ANY in entry and entry != ANY]
        self.listed = frozenset(self.entries) - set(patterns)
        """The entries that are no patterns."""
        self.named = self.listed - {ANY}
        """Those that were written whole: only these may be trusted with a visitor's rights."""
        self.regex = "|".join(re.escape(one).replace(r"\*", _LABEL) for one in patterns) or None
        """A regular expression that matches the whole of an origin, or None without patterns."""
        self._matches = re.compile(self.regex).fullmatch if self.regex else None

    def allow(self, origin: str) -> bool:
        """Return whether pages of an origin may call."""
        return (
            origin in self.listed
            or ANY in self.listed
            or (self._matches is not None and self._matches(origin) is not None)
        )
