"""Updates of documents that no load makes, each of which makes some query fail."""

from bson import Decimal128, Int64, ObjectId
from bson.datetime_ms import DatetimeMS

from store.documents import Document

DAMAGES: dict[str, Document] = {
    "without a title": {"$unset": {"title": 1}},
    "with a list for a title": {"$set": {"title": ["a"]}},
    "without tags": {"$unset": {"tags": 1}},
    "with a tag that is null": {"$set": {"tags": [None]}},
    "without sort keys": {"$unset": {"sort": 1}},
    "with a date beyond 9999": {"$set": {"publishedDateTime": DatetimeMS(2**50)}},
    "with text for a date": {"$set": {"publishedDateTime": "2020-01-01"}},
    "with an image without URL": {"$set": {"images": [{}]}},
    "with a topic without id": {"$set": {"topics": [{"name": "T"}]}},
    "with a number for a topic's id": {"$set": {"topics": [{"id": 5, "name": "T"}]}},
    "with a number for a provider's id": {"$set": {"provider": {"id": 5, "name": "P"}}},
    "with a bad reference": {
        "$set": {"related": [{"title": "R", "images": [], "ref": ObjectId()}]}
    },
    "with heat beyond 32 bits": {"$set": {"heat": Int64(2**40)}},
    "with an ObjectId in extra": {"$set": {"extra": {"a": [{"b": ObjectId()}]}}},
    "with a decimal in extra": {"$set": {"extra": Decimal128("1.5")}},
}

ENTRY_DAMAGES: dict[str, Document] = {
    "without a name": {"$unset": {"public.name": 1, "editor.name": 1}},
    "with a list for a name": {"$set": {"public.name": ["a"], "editor.name": ["a"]}},
    "with a count beyond 32 bits": {
        "$set": {"public.itemCount": Int64(2**40), "editor.itemCount": Int64(2**40)}
    },
}
"""Updates of a provider, topic or author."""
