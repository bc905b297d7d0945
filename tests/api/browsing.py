"""A page in Chromium that may reach nothing but its server.

The page's console is part of every test: an error, a warning or a violation of the page's own
Content-Security-Policy is a mistake.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from playwright.sync_api import Browser, ConsoleMessage, Page
from playwright.sync_api import Route as Intercepted


@contextmanager
def watched_page(
    browser: Browser,
    origin: str,
    mistakes: list[str],
    *,
    width: int = 1400,
    scheme: Literal["light", "dark"] = "light",
) -> Iterator[Page]:
    """Yield a page of a new visitor; add what it does wrong to `mistakes`."""

    def keep_home(route: Intercepted) -> None:
        if route.request.url.startswith((f"{origin}/", "data:")):
            route.continue_()
        else:
            mistakes.append(f"left the origin: {route.request.url}")
            route.abort()

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            mistakes.append(message.text)

    with browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme
    ) as context:
        context.route("**", keep_home)
        page = context.new_page()
        page.on("console", listen)
        page.on("pageerror", lambda error: mistakes.append(f"uncaught: {error}"))
        yield page
