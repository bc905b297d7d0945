"""The audience of a request, which decides what it may see."""

from enum import StrEnum


class Audience(StrEnum):
    """`PUBLIC` sees published items only; `EDITOR` sees everything."""

    PUBLIC = "public"
    EDITOR = "editor"
