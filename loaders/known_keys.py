"""The keys that fields take, and so the values of a file that stay text.

All other keys go to `extra` with the types that YAML gives their values.
"""

from typing import Any

from store import fields

Shape = dict[str, Any]
"""Maps each known key to the known keys below it."""

TEXT: Shape = {}


def _known_keys(shape: fields.Shape) -> Shape:
    keys = {
        field.name: _known_keys(field.kind) if isinstance(field.kind, fields.Shape) else TEXT
        for field in shape
    }
    return keys | dict.fromkeys((key for field in shape for key in field.also), TEXT)


# Keys that decide what a file describes and whether it is published.
_DECIDING: Shape = dict.fromkeys(("taxonomy", *fields.UNPUBLISHING), TEXT)

ITEM: Shape = _known_keys(fields.ITEM) | _DECIDING
DEFINITION: Shape = _known_keys(fields.ORGANIZATION) | _known_keys(fields.TOPIC) | _DECIDING
