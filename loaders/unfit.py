"""Leave out the values that do not fit their fields, and nothing else."""

from collections.abc import Iterable

from loaders.diagnostics import FieldPath
from loaders.values import Value, ValueMapping
from store.fields import AUDIENCE
from store.shapes import Shape


def optional_part(path: FieldPath, shape: Shape) -> FieldPath | None:
    """Return the path of the smallest optional part of a mapping that holds the value at `path`.

    That is the value itself, or the member of a list that needs it, or None if the mapping does.
    """
    part: FieldPath | None = None
    if path[0] in AUDIENCE:
        return None  # leaving it out could show to the public what was not meant for it
    inside: Shape | None = shape
    for depth, step in enumerate(path, 1):
        if isinstance(step, int):
            part = path[:depth]
            continue
        field = inside.find(step) if inside else None
        if field is None or not field.required:
            part = path[:depth]
        inside = field.kind if field and isinstance(field.kind, Shape) else None
    return part


def without(data: ValueMapping, paths: Iterable[FieldPath], shape: Shape) -> ValueMapping:
    """Return a copy of a mapping without the values at some paths. Parts that stay are shared."""
    left = data
    # The last members of lists first, so that the indexes of the others stay right.
    for path in sorted(set(paths), key=_order, reverse=True):
        left = _without_key(left, path, shape)
    return left


def _order(path: FieldPath) -> list[tuple[bool, str | int]]:
    return [(isinstance(step, int), step) for step in path]


def _without(value: Value, path: FieldPath, shape: Shape | None) -> Value:
    step, rest = path[0], path[1:]
    if isinstance(value, list) and isinstance(step, int):
        below = [_without(value[step], rest, shape)] if rest else []
        return [*value[:step], *below, *value[step + 1 :]]
    return _without_key(value, path, shape) if isinstance(value, dict) else value


def _without_key(value: ValueMapping, path: FieldPath, shape: Shape | None) -> ValueMapping:
    step, rest = path[0], path[1:]
    field = shape.find(step) if shape and isinstance(step, str) else None
    names = (field.name, *field.synonyms) if field else (str(step),)
    key = next((name for name in names if name in value), str(step))
    left = {name: below for name, below in value.items() if name != key}
    # A text may stand for a mapping, such as a provider's name for the provider: it has no parts.
    if rest and isinstance(value.get(key), dict | list):
        inside = field.kind if field and isinstance(field.kind, Shape) else None
        left[key] = _without(value[key], rest, inside)
    return left
