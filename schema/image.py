"""Images, and the payload that only a publisher can decrypt."""

import strawberry

from schema.stored_fields import stored_fields
from store.fields import IMAGE, SECURED


@strawberry.type(description="An image of an item, of a related entry or of a provider.")
@stored_fields(IMAGE)
class Image:
    """Its fields are those of `IMAGE`."""


@strawberry.type(description="A payload that only its publisher can decrypt, as its file has it.")
@stored_fields(SECURED)
class Secured:
    """Its fields are those of `SECURED`."""
