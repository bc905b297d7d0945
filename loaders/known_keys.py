"""The keys that fields read; their values stay text.

All other keys go to `extra` with the types that YAML gives their values.
"""

from typing import TypeAlias

from store.fields import DEFINITIONS, UNPUBLISHING
from store.fields import ITEM as ITEM_FIELDS
from store.shapes import Shape

KnownKeys: TypeAlias = dict[str, "KnownKeys"]
"""Maps each known key to the known keys below it."""

TEXT: KnownKeys = {}


def _known_keys(shape: Shape) -> KnownKeys:
    keys: KnownKeys = {}
    for field in shape:
        below = _known_keys(field.kind) if isinstance(field.kind, Shape) else TEXT
        keys |= dict.fromkeys((field.name, *field.synonyms), below)
    return keys


# Keys that decide what a file describes and whether it is published.
_DECIDING: KnownKeys = dict.fromkeys(("taxonomy", *UNPUBLISHING), TEXT)

ITEM: KnownKeys = _known_keys(ITEM_FIELDS) | _DECIDING
DEFINITION: KnownKeys = _DECIDING.copy()
for _shape in DEFINITIONS.values():
    DEFINITION |= _known_keys(_shape)
