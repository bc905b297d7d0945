"""Pictures, and the payload that only a publisher can open."""

import strawberry

from schema.execution.documents import document_field
from schema.scalars import URL


@strawberry.type(description="A picture of an item, of a related entry or of a provider.")
class Image:
    """Read straight from an ImageDocument."""

    url: URL = document_field(
        description="Where the picture is; relative to its site if it starts with `/`."
    )
    width: int | None = document_field(description="Width in pixels.")
    height: int | None = document_field(description="Height in pixels.")
    title: str | None = document_field(description="What it shows: use it as the `alt` text.")
    attribution: str | None = document_field(description="Whom to credit for it.")
    is_cached: bool = document_field(description="Whether the publisher keeps a copy of it.")


@strawberry.type(description="A payload that only its publisher can open, kept as it came.")
class Secured:
    """Read straight from a SecuredDocument."""

    ciphertext: str = document_field(description="The encrypted payload, in base64.")
    iv: str = document_field(
        description="The initialisation vector it was encrypted with, in base64."
    )
