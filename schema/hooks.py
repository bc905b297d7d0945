"""Running the hooks of Strawberry's extensions, without a cost for those that there are not."""

from contextlib import nullcontext
from functools import lru_cache
from typing import Any, Final

from strawberry.extensions import SchemaExtension
from strawberry.extensions.runner import SchemaExtensionsRunner
from typing_extensions import override

_NOTHING: Final = nullcontext()


class LeanRunner(SchemaExtensionsRunner):
    """Strawberry's runner, which looks for hooks once for each set of extensions.

    Strawberry does in each request, for each of four kinds, and enters an exit stack also if it
    finds none.
    """

    @override
    def operation(self) -> Any:
        """Return the context of a whole request."""
        return super().operation() if self._has("on_operation") else _NOTHING

    @override
    def validation(self) -> Any:
        """Return the context of the query's validation."""
        return super().validation() if self._has("on_validate") else _NOTHING

    @override
    def parsing(self) -> Any:
        """Return the context of the query's parsing."""
        return super().parsing() if self._has("on_parse") else _NOTHING

    @override
    def executing(self) -> Any:
        """Return the context of the execution."""
        return super().executing() if self._has("on_execute") else _NOTHING

    def _has(self, hook: str) -> bool:
        return _is_overridden(hook, tuple(map(type, self.extensions)))


@lru_cache(maxsize=64)
def _is_overridden(hook: str, extensions: tuple[type[SchemaExtension], ...]) -> bool:
    default = getattr(SchemaExtension, hook)
    return any(getattr(extension, hook) is not default for extension in extensions)
