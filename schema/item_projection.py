"""Which keys of an item's document the fields of a query need."""

from collections.abc import Iterator, Mapping

from schema import json_ld
from schema.execution.selection import Selection
from store.fields import ITEM
from store.shapes import Shape
from store.site_fields import RESERVED_NAMES
from store.taxonomies import TAXONOMIES

# Fields that are not stored under their own name, or of which only a part is needed.
_KEYS: dict[str, tuple[str, ...]] = {
    "id": (),
    "relatedBy": (),
    "byline": ("provider.name",),
    "item": ("ref",),
    **{taxonomy.field: (f"{taxonomy.field}.id",) for taxonomy in TAXONOMIES},
    "bodyHtml": ("body", "bodyFormat", "webUrl", "originalUrl"),
    "bodyText": ("body", "bodyFormat"),
    "status": ("published", "status"),
    "summary": ("excerpt", "opening"),
    "jsonLd": json_ld.KEYS,
    "highlights": ("title", "excerpt", "body", "bodyFormat", "locale"),
}
# Lists of mappings, with a key that each has: a projection of no key at all would drop the mappings
# themselves, which have to be counted.
_LISTS = {
    field.name: next(below.name for below in field.kind if below.required)
    for field in ITEM
    if field.many and isinstance(field.kind, Shape) and field.name not in _KEYS
}


def item_projection(selection: Selection) -> Mapping[str, int]:
    """Return MongoDB's projection for the items that a selection is made on."""
    return selection.derive(_of_item)


def page_projection(connection: Selection) -> Mapping[str, int]:
    """Return MongoDB's projection for the items of a connection."""
    return connection.derive(_of_page)


def _of_item(selection: Selection) -> dict[str, int]:
    own = selection.keys() & RESERVED_NAMES
    keys = ["_id", *_keys(selection)]
    if len(own) < len(selection):  # the site's own fields are stored apart
        keys = ["_id", *_keys({name: selection[name] for name in own})]
        keys += [f"site.{name}" for name in selection if name not in own]
    return dict.fromkeys(keys, 1)


def _of_page(connection: Selection) -> dict[str, int]:
    return _of_item(connection.below("nodes")) | _of_item(connection.below("edges", "node"))


def _keys(selection: Mapping[str, Selection]) -> Iterator[str]:
    for field, below in selection.items():
        if field in _LISTS:
            yield f"{field}.{_LISTS[field]}"
            if field == "images" and "url" in below:
                yield "webUrl"  # by which their addresses are made whole
            yield from (f"{field}.{key}" for key in _keys(below))
        else:
            yield from _KEYS.get(field, (field,))
