"""What a root's site file says, for the files of that root."""

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from store.site_fields import SiteFields

Names: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]
"""Fields of newsgraph's own, and the keys that they are taken from, in order of preference."""


class SiteProvider(NamedTuple):
    """Who publishes what does not say."""

    name: str
    domain: str


@dataclass(frozen=True, slots=True)
class Site:
    """A site file that was found to be valid. Without one, everything is empty."""

    url: str = ""
    """The address of the site, without a slash at its end."""
    permalink: str = ""
    """The pattern of the paths of items that do not have an address."""
    provider: SiteProvider | None = None
    locale: str = ""
    names: Names = ()
    fields: SiteFields = ()


NO_SITE = Site()
