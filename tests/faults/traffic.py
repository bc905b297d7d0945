"""Clients that ask a server without pause, and judge every answer."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

CLIENTS = 8
_BETWEEN_S = 0.05
_PROBED_EVERY_S = 0.25
# What an answer may take beyond the server's time limit: the way there and back on a busy machine.
MARGIN_S = 2.0
OUTAGES = {"UNAVAILABLE": 503, "TIMEOUT": 504}
RIGHT = "right"


@dataclass(frozen=True)
class Answer:
    """One answer: when its request was sent (`time.monotonic`), how long it took, what it was.

    `outcome` is RIGHT, one of OUTAGES, or a sentence about what must not be.
    """

    asked: float
    seconds: float
    outcome: str

    @property
    def arrived(self) -> float:
        """When it was there."""
        return self.asked + self.seconds


@dataclass
class Traffic:
    """What the clients saw so far; `ready` and `healthy` are the statuses of the two probes."""

    answers: list[Answer] = field(default_factory=list)
    ready: list[tuple[float, int]] = field(default_factory=list)
    healthy: list[int] = field(default_factory=list)

    def since(self, moment: float) -> list[Answer]:
        """Give the answers to what was asked after a moment."""
        return [answer for answer in list(self.answers) if answer.asked >= moment]

    def probes_since(self, moment: float) -> list[tuple[float, int]]:
        """Give when /readyz was asked after a moment, and what it said."""
        return [(at, status) for at, status in list(self.ready) if at >= moment]

    def wait_right(self, moment: float, within_s: float) -> float:
        """Wait for the first right answer asked after a moment; gives the seconds from then."""
        return self._wait(
            lambda: [one.arrived for one in self.since(moment) if one.outcome == RIGHT],
            moment,
            within_s,
            "right answer",
        )

    def wait_ready(self, moment: float, within_s: float) -> float:
        """Wait until /readyz says 200 after a moment; gives the seconds from then."""
        return self._wait(
            lambda: [at for at, status in self.probes_since(moment) if status == 200],
            moment,
            within_s,
            "200 from /readyz",
        )

    def longest_gap(self, moment: float) -> float:
        """Give the longest time without a right answer, in seconds, since a moment."""
        times = sorted(one.arrived for one in self.since(moment) if one.outcome == RIGHT)
        return max(
            (after - before for before, after in zip([moment, *times], times, strict=False)),
            default=float("inf"),
        )

    def _wait(
        self, found: Callable[[], list[float]], moment: float, within_s: float, what: str
    ) -> float:
        while not (times := found()):
            assert time.monotonic() < moment + within_s, f"no {what} within {within_s:g} s"
            time.sleep(0.05)
        return min(times) - moment


@contextmanager
def traffic(url: str, known: Mapping[str, Any], timeout_s: float) -> Iterator[Traffic]:
    """Have clients ask the queries of `known` until the end of the context.

    `known` has the right `data` by query, `timeout_s` is the server's time limit.
    """
    seen = Traffic()
    ended = threading.Event()
    asking = threading.Thread(
        target=asyncio.run, args=[_ask_all(url, known, timeout_s, seen, ended)]
    )
    asking.start()
    try:
        yield seen
    finally:
        ended.set()
        asking.join()


def judge(response: httpx.Response, expected: Any) -> str:
    """Give an answer's outcome."""
    body = response.json()
    codes = {error["extensions"]["code"] for error in body.get("errors", ())}
    if not codes:
        is_right = response.status_code == 200 and body["data"] == expected
        return RIGHT if is_right else f"wrong: {response.status_code} {response.text[:500]}"
    if codes <= set(OUTAGES):
        code = next(code for code in OUTAGES if code in codes)
        if body.get("data"):
            return code  # part of the data came, and the errors say which part did not
        knows_when = code == "TIMEOUT" or "retry-after" in response.headers
        if response.status_code == OUTAGES[code] and knows_when:
            return code
    return f"wrong: {response.status_code} {response.text[:500]}"


async def _ask_all(
    url: str,
    known: Mapping[str, Any],
    timeout_s: float,
    seen: Traffic,
    ended: threading.Event,
) -> None:
    async with (
        httpx.AsyncClient(base_url=url, timeout=timeout_s + MARGIN_S) as http,
        asyncio.TaskGroup() as clients,
    ):
        clients.create_task(_probe(http, seen, ended))
        for number in range(CLIENTS):
            clients.create_task(_ask(http, known, number, seen, ended))


async def _ask(
    http: httpx.AsyncClient,
    known: Mapping[str, Any],
    number: int,
    seen: Traffic,
    ended: threading.Event,
) -> None:
    queries = list(known)
    while not ended.is_set():
        query = queries[number % len(queries)]
        asked = time.monotonic()
        try:
            response = await http.post("/graphql", json={"query": query})
            outcome = judge(response, known[query])
        except httpx.HTTPError as error:
            outcome = f"wrong: {error!r}"
        seen.answers.append(Answer(asked, time.monotonic() - asked, outcome))
        number += 1
        await asyncio.sleep(_BETWEEN_S)


async def _probe(http: httpx.AsyncClient, seen: Traffic, ended: threading.Event) -> None:
    while not ended.is_set():
        asked = time.monotonic()
        try:
            seen.healthy.append((await http.get("/healthz")).status_code)
            seen.ready.append((asked, (await http.get("/readyz")).status_code))
        except httpx.HTTPError:
            seen.healthy.append(0)
        await asyncio.sleep(_PROBED_EVERY_S)
