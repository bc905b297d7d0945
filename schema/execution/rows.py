"""Rows from columns: the one place where code is generated, as nothing else is nearly as quick."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

RowMaker = Callable[[Sequence[Any], Sequence[Sequence[Any]]], list[dict[str, Any]]]


@lru_cache(maxsize=4096)
def row_maker(keys: tuple[str, ...]) -> RowMaker:
    """Make a function of some objects and of their columns, named by `keys`, that gives their rows.

    For the keys `a` and `b` it gives `[{'a': v0, 'b': v1} for v0, v1 in zip(*columns)]`, which
    takes under half the time of `[dict(zip(keys, row)) for row in zip(*columns)]`. Nothing but
    the quoted keys gets into the code.
    """
    if not keys:  # everything was skipped
        return lambda objects, columns: [{} for _ in objects]
    names = [f"v{index}" for index in range(len(keys))]
    members = ", ".join(f"{key!r}: {name}" for key, name in zip(keys, names, strict=True))
    code = f"lambda objects, columns: [{{{members}}} for {', '.join(names)}, in zip(*columns)]"
    maker: RowMaker = eval(code, {"zip": zip})  # noqa: S307
    return maker
