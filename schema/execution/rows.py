"""Rows from columns. The only generated code: nothing else is nearly as fast."""

from collections.abc import Callable, Sequence

from schema.execution.errors import Failed

# In place of the rows of objects that fail, a scope later puts FAILED.
Row = dict[str, object] | Failed
RowMaker = Callable[[Sequence[object], Sequence[Sequence[object]]], list[Row]]


def row_maker(keys: tuple[str, ...]) -> RowMaker:
    """Make a function of objects and their columns, named by `keys`, that returns their rows.

    For the keys `a` and `b` it evaluates `[{'a': v0, 'b': v1} for v0, v1, in zip(*columns)]`, in
    less than half the time of `[dict(zip(keys, row)) for row in zip(*columns)]`. Nothing but the
    quoted keys gets into the code.
    """
    if not keys:  # everything was skipped
        return lambda objects, _columns: [{} for _ in objects]
    names = [f"v{index}" for index in range(len(keys))]
    members = ", ".join(f"{key!r}: {name}" for key, name in zip(keys, names, strict=True))
    code = f"lambda objects, columns: [{{{members}}} for {', '.join(names)}, in zip(*columns)]"
    maker: RowMaker = eval(code, {"zip": zip})  # noqa: S307
    return maker
