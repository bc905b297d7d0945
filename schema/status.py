"""The statuses of items as a GraphQL enum."""

import strawberry
from strawberry.types.enum import has_enum_definition

from store.schedule import Status

_exposed = strawberry.enum(
    Status, name="ItemStatus", description=("Whether the public sees an item and, if not, why.")
)
assert has_enum_definition(_exposed)  # noqa: S101 - for the type checker
_DESCRIPTIONS = {
    Status.DRAFT: "Its file says that it is unpublished.",
    Status.SCHEDULED: "It will be published at its `publishedDateTime`.",
    Status.PUBLISHED: "The public sees it.",
    Status.EXPIRED: "It was published until its `unpublishDateTime`.",
}
for _value in _exposed.__strawberry_definition__.values:
    _value.description = _DESCRIPTIONS[Status(_value.value)]

ItemStatus = Status
