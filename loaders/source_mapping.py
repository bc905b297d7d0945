"""A mapping as a file has it, before it becomes a document."""

import posixpath
from collections.abc import Callable, Collection, Iterator, Mapping

from pydantic_core import ErrorDetails, ValidationError

from loaders.checks import checker
from loaders.diagnostics import BadInput, FieldPath, Position, Problem, Severity, field_name
from loaders.left_over import LeftOver
from loaders.site import NO_SITE
from loaders.site_rules import SiteRules, rules_of
from loaders.unfit import optional_part, without
from loaders.validation_messages import path_in_file, problem_of
from loaders.values import Value, ValueMapping, take_unknown
from store.documents import Document
from store.fields import KEPT_FLAGS, TABLES, UNPUBLISHING
from store.shapes import Shape
from store.writing.file_ids import STREAM_ROOT

_MAX_LEFT_OUT = 100
"""How many values of a mapping are left out, and reported, one by one."""


NO_RULES = rules_of(NO_SITE)


class SourceMapping:
    """A mapping and where it comes from.

    `path` is the document's own, relative to `root`; `is_named` if the name of a file or a key of
    the document chose it, and `is_typed` if the format has types, as JSON has: YAML's scalars are
    text where a field reads them. `position_of` finds a value, `raw_value` returns the value of a
    key with the types of its format, as `extra` has it, `written` the text of a scalar in a format
    without types, and `body` is the text below front matter. `rules` are those of the site.
    `extra` collects what is not a field, and `warnings` the values that fit no field.
    """

    def __init__(
        self,
        data: ValueMapping,
        root: str,
        path: str,
        position_of: Callable[[FieldPath], Position],
        raw_value: Callable[[str], Value],
        body: str | None = None,
        *,
        written: Callable[[FieldPath], str | None] = lambda _: None,
        is_named: bool = True,
        is_typed: bool = False,
        rules: SiteRules = NO_RULES,
    ) -> None:
        self.data = data
        self.root = root
        self.path = path
        self.body = body
        self.written = written
        self.is_named = is_named
        self.rules = rules
        self.is_typed = is_typed
        self._left_over = LeftOver(raw_value)
        self.extra = self._left_over.extra
        self.warnings: list[Problem] = []
        self.position_of = position_of
        # Maps a field to where the file has it, if that is not under the field's own name.
        self._places: dict[str, FieldPath] = {}
        # The members of lists that are left out.
        self._left_out: dict[str, set[int]] = {}

    def place(self, key: str) -> FieldPath:
        """Return where the file has a key or a field."""
        return self._places.get(key, (key,))

    def set_field(self, field: str, value: Value, *, key: str) -> None:
        """Set a field to a value that the file has under another key."""
        self.data[field] = value
        self._places[field] = self.place(key)

    def take_out(self, container: str, key: str) -> None:
        """Move a key of a mapping in the file one level up. The others stay where they are."""
        left = self.data.pop(container)
        if isinstance(left, dict):
            left = dict(left)
            self.data[key] = left.pop(key)
            self._places[key] = (container, key)
        if left:
            self.data[container] = left

    def table_of(self, key: str, *, blanks: Collection[Value] = (None,)) -> str | None:
        """Return the table of Zola or Hugo in which a key has a value other than `blanks`."""
        for table in TABLES:
            mapping = self.data.get(table)
            if isinstance(mapping, dict) and mapping.get(key) not in blanks:
                return table
        return None

    def part(self, names: Mapping[str, str]) -> "SourceMapping":
        """Take some keys out, and return them as a mapping of their own, each under its name.

        A key that this mapping does not have is taken from the tables in it.
        """
        own = SourceMapping(
            {},
            self.root,
            self.path,
            self.position_of,
            self._left_over.raw_value,
            written=self.written,
            is_named=self.is_named,
            is_typed=self.is_typed,
            rules=self.rules,
        )
        for key, name in names.items():
            if key not in self.data and (table := self.table_of(key)):
                self.take_out(table, key)
            if (value := self.data.pop(key, None)) is not None:
                own.data[name] = value
                own._places[name] = self.place(key)
        return own

    def take_problems(self, part: "SourceMapping") -> None:
        """Take over the warnings of a part, and what it did not take."""
        self.warnings += part.warnings
        self._left_over.merge(part._left_over)

    def move_to_extra(self, key: str) -> None:
        """Move a key that is not a field's to `extra`, with the types of its format."""
        value = self.data.pop(key)
        self._left_over.keep(self.place(key), value)

    def checked(self, shape: Shape) -> Document:
        """Return the fields of a shape, checked, converted and with their defaults.

        Values that do not fit are left out with a warning, and all other keys move to `extra`.
        Raises BadInput if a value that does not fit is needed.
        """
        checked = self._validated(shape)
        shape.set_defaults(checked)
        for key, unpublishes in UNPUBLISHING.items():
            if key in checked:
                value = checked.pop(key)
                checked["published"] = checked["published"] and value is not unpublishes
                if key in KEPT_FLAGS:
                    self._left_over.keep((key,), value, is_read=True)
        for key, value in take_unknown(checked, shape.keys).items():
            is_mixed = self.rules.reads_tables and key in TABLES
            self._left_over.add(key, self._left_over.typed(key, value) if is_mixed else value)
        return checked

    def leave_out(self, path: FieldPath, message: str, code: str) -> None:
        """Warn of a value that the document does without. `extra` keeps it, as the file has it."""
        place = (*self.place(str(path[0])), *self._in_file(path)[1:])
        position = self.position_of(place)
        self._warn(Problem(*position, field_name(place), message, code))
        self._keep_unfit(str(path[0]))

    def keep(self, field: str) -> None:
        """Keep the value of a field in `extra` too, as the file has it."""
        self._left_over.keep(self.place(field), self.data.get(field))

    def untaken(self) -> Iterator[tuple[str, ...]]:
        """Yield the paths of the keys that no field has read: a key, and one below it."""
        return self._left_over.untaken()

    def _validated(self, shape: Shape) -> Document:
        while True:
            try:
                validated: Document = checker(shape, is_typed=self.is_typed).validate_python(
                    self.data
                )
            except ValidationError as error:
                self._leave_out_unfit(error, shape)
            else:
                return validated

    def _leave_out_unfit(self, error: ValidationError, shape: Shape) -> None:
        """Take the values that do not fit out of `data`. Raises BadInput if one is needed."""
        paths: list[FieldPath] = []
        needed: list[Problem] = []
        errors = error.errors(include_url=False)
        for number, details in enumerate(errors):
            part = optional_part(details["loc"], shape)
            if part is None:
                needed.append(self._problem_of(details))
                continue
            # Where a file has hundreds of bad values, leaving out each alone would take too long.
            part = part if len(errors) <= _MAX_LEFT_OUT else part[:1]
            if len(part) == 2 and isinstance(part[1], int):
                self._left_out.setdefault(str(part[0]), set()).add(part[1])
            paths.append(path_in_file(part, self.data))
            if number < _MAX_LEFT_OUT:
                self._warn(self._problem_of(details))
            self._keep_unfit(str(part[0]))
        left = without(self.data, paths, shape)
        if needed or left == self.data:
            raise BadInput(*needed)
        self.data = left

    def _in_file(self, path: FieldPath) -> FieldPath:
        """Return a path with the index that its list's member has in the file."""
        if len(path) < 2 or not isinstance(path[1], int):
            return path
        index = path[1]
        for left_out in sorted(self._left_out.get(str(path[0]), ())):
            index += left_out <= index
        return (path[0], index, *path[2:])

    def _problem_of(self, details: ErrorDetails) -> Problem:
        return problem_of(details, self.data, self.position_of, self._places)

    def _warn(self, problem: Problem) -> None:
        self.warnings.append(problem._replace(severity=Severity.WARNING))

    def _keep_unfit(self, field: str) -> None:
        self._left_over.keep(self.place(field), self.data.get(field), is_read=True)

    @property
    def root_name(self) -> str:
        """The name of the root in the ids of items without a URL; empty for standard input.

        It is the domain of the site, if the site file has one, or else the name of the root's
        folder: its whole path would change with every move, and from machine to machine.
        """
        if self.root == STREAM_ROOT:
            return ""
        return self.rules.domain or posixpath.basename(self.root)
