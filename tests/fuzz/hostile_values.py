"""Values that some parser has mistaken for something else, or that are large or deep.

MongoDB's operators and field paths, regular expressions, JavaScript, the separators of our own
labels and cursors, unusual Unicode.
"""

from typing import Any

TEXTS = [
    "$gt", "$ne", "$where", "$$ROOT", "$title", "$ne:null", '{"$gt": ""}', "{'$ne': 1}",
    "this.published == false", "'; return true; //", "sleep(9000)", "a.b", "a.b.$[].c", "labels.0",
    "*", ".*", "^", "(a|a)*$", "(a+)+$", "nothing\0else", "\0", "../../etc/passwd", "%00",
    "item:", "item:*", "topic:", "topic:%", "provider:", "provider:*", "category:news", "~",
    "\u202e", "\u202enothing", "ﬀ\u0301\u200b", "İ\u0307", "\ufeff", "\uffff", "\U0010ffff", "😀",
    "\ud800", "\udfff\ud800", "👩‍👩‍👧‍👦" * 200, "x" * 20_000, "-" * 1000, "\r\nset-cookie: a=b",
    "", " ", '"', '\\"', '" -"', '"a phrase', "-", "--", "-nothing", "\\",
]  # fmt: skip
OBJECTS: list[Any] = [
    {"$gt": ""}, {"$ne": None}, {"$where": "true"}, {"$regex": ".*"}, {"$or": [{}]},
    {"$expr": {"$eq": [1, 1]}}, [{"$ne": None}], {"__proto__": {"published": None}}, [[["$gt"]]],
    {"": ""}, {"search": {"$gt": ""}}, {"published": {"$ne": True}}, {"a": {"b": []}}, {}, [], [[]],
]  # fmt: skip
NUMBERS = [0, 1, -1, 101, 2**31 - 1, 2**31, 2**53 + 1, 2**63, -(2**63), 2**64, 0.5, 1e308, True]


def _deep(levels: int) -> Any:
    value: Any = []
    for _ in range(levels):
        value = [value, {"$or": value}] if levels < 8 else [value]
    return value


HOSTILE: list[Any] = [
    *TEXTS, *OBJECTS, *NUMBERS, None, _deep(6), _deep(150), TEXTS[:26], ["$gt"] * 51,
]  # fmt: skip
