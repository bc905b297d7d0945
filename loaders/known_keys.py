"""Which keys the fields take, and so which scalars stay text; every other key is `extra`'s.

A shape maps each known key to the shape of what is below it.
"""

from typing import Any

Shape = dict[str, Any]

TEXT: Shape = {}

IMAGE: Shape = dict.fromkeys(("url", "width", "height", "title", "attribution", "isCached"), TEXT)
PROVIDER: Shape = {"name": TEXT, "domain": TEXT, "images": IMAGE}
_SHARED: Shape = {
    **dict.fromkeys(
        (
            "title", "excerpt", "type", "webUrl", "ampWebUrl", "cdnAmpWebUrl",
            "publishedDateTime", "quality", "heat",
        ),
        TEXT,
    ),
    "provider": PROVIDER,
    "images": IMAGE,
}  # fmt: skip
RELATED: Shape = _SHARED
ITEM: Shape = {
    **_SHARED,
    **dict.fromkeys(
        (
            "body", "category", "locale", "originalUrl", "updatedDateTime", "published",
            "topics", "tags",
        ),
        TEXT,
    ),
    "related": RELATED,
    "secured": {"ciphertext": TEXT, "iv": TEXT},
    # Other names for fields above, and what else decides about `published`.
    **dict.fromkeys(("name", "bio", "categories", "removed", "deleted", "taxonomy"), TEXT),
}  # fmt: skip
DEFINITION: Shape = {
    **dict.fromkeys(
        ("taxonomy", "name", "domain", "description", "otherNames", "parent", "keywords"), TEXT
    ),
    **dict.fromkeys(("published", "removed", "deleted", "title"), TEXT),
    "images": IMAGE,
}  # fmt: skip
