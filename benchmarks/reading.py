"""The reader in Chromium, as on a first visit: requests, bytes, and the time until there is news.

    .venv/bin/python -m benchmarks.reading [--rounds 5]

The example content on one worker; for each visit a new browser profile. The phone has the network
and the processor of Lighthouse's mobile profile ("Throttling" in Lighthouse's documentation): 1.6
Mbit/s down, 0.75 up, 150 ms for each round trip, and a processor slowed down four times. First
and largest contentful paint and layout shift are as the browser reports them ("Web Vitals" on
web.dev). Prints Markdown: medians. Takes a minute; needs Chromium.
"""

import argparse
import asyncio
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, Final

from playwright.async_api import Browser, CDPSession, Page, async_playwright

from benchmarks.contenders import NEWSGRAPH, Contender, served
from loaders.load import load
from loaders.options import Options
from store.embedded import embedded_mongod

CONTENT: Final = Path(__file__).parents[1] / "examples/content"
DATABASE: Final = "reading"
CHROMIUM: Final = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS: Final = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SERVER: Final = Contender(
    "newsgraph", tuple(NEWSGRAPH), (("NEWSGRAPH_MEDIA_DIR", str(CONTENT / "media")),)
)

KIND_OF: Final = {
    "Document": "page, script, style, font",
    "Script": "page, script, style, font",
    "Stylesheet": "page, script, style, font",
    "Font": "page, script, style, font",
    "Fetch": "queries",
    "Image": "pictures",
}
LOADED: Final = """() => [...document.images]
  .filter((image) => image.getBoundingClientRect().top < innerHeight)
  .every((image) => image.complete)"""
VITALS: Final = """() => new Promise((resolve) => {
  const vitals = { shift: 0 };
  const of = (type, take) => new PerformanceObserver((list) => list.getEntries().forEach(take))
    .observe({ type, buffered: true });
  of("paint", (entry) => { vitals[entry.name] = entry.startTime; });
  of("largest-contentful-paint", (entry) => { vitals.largest = entry.startTime; });
  of("layout-shift", (entry) => { vitals.shift += entry.value; });
  setTimeout(() => resolve(vitals), 200);
})"""


@dataclass
class Visit:
    """What the browser saw: bytes and requests by kind, times in ms."""

    vitals: dict[str, float] = field(default_factory=dict)
    requests: dict[str, int] = field(default_factory=dict)
    size: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Device:
    """A screen, a network and a processor."""

    name: str
    width: int
    height: int
    is_slow: bool


DEVICES: Final = (Device("desktop", 1440, 900, False), Device("phone", 390, 844, True))


async def visit(browser: Browser, device: Device, address: str) -> Visit:
    """Open a page for the first time, and return what came of it once its first screen is there."""
    seen = Visit()
    kinds: dict[str, str] = {}
    size = {"width": device.width, "height": device.height}
    async with await browser.new_context(viewport=size) as context:  # type: ignore[arg-type]
        page = await context.new_page()
        tools = await context.new_cdp_session(page)
        await tools.send("Network.enable")
        if device.is_slow:
            await _slow_down(tools)

        def respond(event: dict[str, Any]) -> None:
            kinds[event["requestId"]] = KIND_OF.get(event["type"], "other")

        def finish(event: dict[str, Any]) -> None:
            kind = kinds.get(event["requestId"], "other")
            seen.requests[kind] = seen.requests.get(kind, 0) + 1
            seen.size[kind] = seen.size.get(kind, 0) + event["encodedDataLength"]

        tools.on("Network.responseReceived", respond)
        tools.on("Network.loadingFinished", finish)
        await page.goto(address)
        seen.vitals = await _vitals(page)
    return seen


async def _slow_down(tools: CDPSession) -> None:
    await tools.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": 150,
            "downloadThroughput": 1.6e6 / 8,
            "uploadThroughput": 0.75e6 / 8,
        },
    )
    await tools.send("Emulation.setCPUThrottlingRate", {"rate": 4})


async def _vitals(page: Page) -> dict[str, float]:
    # Not until the network is idle, as the page follows new stories.
    await page.locator(".lead img").wait_for()
    await page.wait_for_function(LOADED)
    found: dict[str, float] = await page.evaluate(VITALS)
    return found


async def measure(address: str, rounds: int) -> dict[str, list[Visit]]:
    """Return the visits of each device; one more before them fills the server's cache."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        await visit(browser, DEVICES[0], address)
        visits = {
            device.name: [await visit(browser, device, address) for _ in range(rounds)]
            for device in DEVICES
        }
        await browser.close()
    return visits


def markdown(visits: dict[str, list[Visit]]) -> str:
    """Return the table."""
    rows = [
        "| device | first paint ms | largest paint ms | layout shift | requests | KB | of these |",
        "|---|--:|--:|--:|--:|--:|---|",
    ]
    for device, seen in visits.items():
        first, largest, shift = (
            median(one.vitals.get(name, 0) for one in seen)
            for name in ("first-contentful-paint", "largest", "shift")
        )
        last = seen[-1]
        parts = ", ".join(f"{kind} {size / 1000:.0f}" for kind, size in last.size.items())
        rows.append(
            f"| {device} | {first:,.0f} | {largest:,.0f} | {shift:.3f} | "
            f"{sum(last.requests.values())} | {sum(last.size.values()) / 1000:.0f} | {parts} |"
        )
    return "\n".join(rows)


def main() -> None:
    """Measure, and print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=5)
    options = arguments.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="newsgraph-bench-") as folder,
        embedded_mongod(Path(folder)) as uri,
    ):
        load([str(CONTENT)], uri=uri, database=DATABASE, options=Options(jobs=1))
        with served(SERVER, uri, DATABASE) as (port, _):
            visits = asyncio.run(measure(f"http://127.0.0.1:{port}/", options.rounds))
    print(markdown(visits))


if __name__ == "__main__":
    main()
