"""Awaiting several calls at once."""

import asyncio
from collections.abc import Coroutine
from typing import TypeVar

Result = TypeVar("Result")


async def gather(*calls: Coroutine[object, object, Result]) -> list[Result]:
    """Await all calls, like `asyncio.gather`, but a single call without making a task for it."""
    if len(calls) == 1:
        return [await calls[0]]
    return await asyncio.gather(*calls)
