"""Which keys of an item's document the fields of a query need."""

from schema.execution.selection import Selection

# Fields that are not stored under their own name, or of which only a part is needed.
_ITEM_KEYS: dict[str, tuple[str, ...]] = {
    "id": (),
    "relatedBy": (),
    "provider": ("provider.id",),
    "byline": ("provider.name",),
    "topics": ("topics.id",),
}
_RELATED_KEYS: dict[str, tuple[str, ...]] = {
    "item": ("ref",),
    "provider": ("provider.id",),
    "byline": ("provider.name",),
}


def item_projection(*selections: Selection) -> dict[str, int]:
    """Give MongoDB's projection for items of which any of `selections` is asked."""
    keys = {"_id"}
    for selection in selections:
        for field, below in selection.items():
            if field == "related":
                keys.update(f"related.{key}" for key in _related_keys(below))
            else:
                keys.update(_ITEM_KEYS.get(field, (field,)))
    return dict.fromkeys(keys, 1)


def _related_keys(selection: Selection) -> set[str]:
    # A projection of no key at all would drop the entries themselves, which have to be counted.
    keys = {"title"}
    for field in selection:
        keys.update(_RELATED_KEYS.get(field, (field,)))
    return keys
