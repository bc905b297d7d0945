"""Who is asking: decides which items exist for them."""

from enum import StrEnum


class Audience(StrEnum):
    """`PUBLIC` sees published items only; `EDITOR` sees everything."""

    PUBLIC = "public"
    EDITOR = "editor"
