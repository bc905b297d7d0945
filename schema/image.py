"""Images of items, related entries and providers."""

import strawberry

from schema.stored_fields import stored_fields
from store.fields import IMAGE


@strawberry.type(description="An image of an item, of a related entry or of a provider.")
@stored_fields(IMAGE)
class Image:
    """Its fields are those of `IMAGE`."""
