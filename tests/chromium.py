"""A real Chromium, which makes no requests by itself and resolves every name to this machine."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

_CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# A busy machine needs more than Playwright's 5 s; where all is well, they cost nothing.
expect.set_options(timeout=60_000)
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * 127.0.0.1",
]


def skip_without_chromium() -> None:
    """Skip the calling module if there is no Chromium; CI must have one."""
    if "CI" not in os.environ and _CHROMIUM is None:
        pytest.skip("chromium is not installed (apt-get install chromium)", allow_module_level=True)


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """Run the browser for the duration of the `with` block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=_FLAGS)
        yield browser
        browser.close()
