"""The audience of a request, which decides what it may see."""

from enum import StrEnum


class Audience(StrEnum):
    """`PUBLIC` sees published items only; `EDITOR` sees everything."""

    PUBLIC = "public"
    EDITOR = "editor"

    @property
    def sees(self) -> tuple[bool, ...]:
        """The values of `published` of the items and definitions that the audience may see."""
        return (True,) if self is Audience.PUBLIC else (True, False)
