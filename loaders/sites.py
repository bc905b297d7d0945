"""The sites of a load's roots: read, compared with those of other roots, and stored."""

from loaders.diagnostics import Diagnostic
from loaders.formats import SITE_FILE
from loaders.read import full_path
from loaders.site import Site
from loaders.site_file import BadSite, position_of_field, read_site
from store.site_fields import Disagreement, SiteFields, agreed, check_fields
from store.site_types import BadField
from store.writing.session import Session


class Sites:
    """Knows the site fields of all roots: of those in the store, and of those of this load."""

    def __init__(self, session: Session | None) -> None:
        self._fields: dict[str, SiteFields] = session.sites() if session else {}

    def read(self, root: str) -> Site:
        """Return the site of a root. Raises BadSite, if it disagrees with another root too."""
        site = read_site(root)
        # A root inside of this one becomes a part of it.
        others = {
            name: own for name, own in self._fields.items() if not name.startswith(f"{root}/")
        }
        known = {**others, root: site.fields}
        try:
            check_fields(agreed(known))
        except Disagreement as error:
            (other,) = {*error.roots} - {root} or {root}
            message = (
                f"has another {error.what} in {full_path(other, SITE_FILE)}; "
                "fields of one name must agree"
            )
            raise _bad(root, error.field, message, "conflict") from None
        except BadField as error:
            message = f"together with the site files of other roots, {error}"
            raise _bad(
                root, str(error.path[0]) if error.path else "", message, error.code
            ) from None
        self._fields = known
        return site


def _bad(root: str, field: str, message: str, code: str) -> BadSite:
    path = full_path(root, SITE_FILE)
    name = f"fields.{field}" if field else "fields"
    return BadSite([Diagnostic(path, *position_of_field(root, field), name, message, code)])
