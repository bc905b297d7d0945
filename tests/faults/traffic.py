"""Clients that query a server continuously and judge every response."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

CLIENTS = 8
_PAUSE_S = 0.05
_PROBE_INTERVAL_S = 0.25
# What a response may take beyond the server's time limit: its way on a busy machine.
MARGIN_S = 2.0
# Outcomes: CORRECT, a code of these with its status, or a sentence that begins with "wrong".
CORRECT = "correct"
OUTAGES = {"UNAVAILABLE": 503, "TIMEOUT": 504}


@dataclass(frozen=True)
class Response:
    """One response; `sent` is when its request was (`time.monotonic`)."""

    sent: float
    seconds: float
    outcome: str

    @property
    def received(self) -> float:
        return self.sent + self.seconds


@dataclass
class Traffic:
    """What the clients have seen so far; `ready` and `healthy` are the statuses of the probes."""

    responses: list[Response] = field(default_factory=list)
    ready: list[tuple[float, int]] = field(default_factory=list)
    healthy: list[int] = field(default_factory=list)

    def since(self, moment: float) -> list[Response]:
        """Return the responses to requests sent after a moment."""
        return [response for response in list(self.responses) if response.sent >= moment]

    def probes_since(self, moment: float) -> list[tuple[float, int]]:
        """Return the probes of /readyz after a moment: when they were sent, and the status."""
        return [(at, status) for at, status in list(self.ready) if at >= moment]

    def wait_correct(self, moment: float, within_s: float) -> float:
        """Wait for the first correct response sent after a moment; returns the seconds from it."""
        return self._wait(
            lambda: self._correct_since(moment),
            moment,
            within_s,
            "correct response",
        )

    def wait_ready(self, moment: float, within_s: float) -> float:
        """Wait until /readyz returns 200 after a moment; returns the seconds from it."""
        return self._wait(
            lambda: [at for at, status in self.probes_since(moment) if status == 200],
            moment,
            within_s,
            "200 from /readyz",
        )

    def _correct_since(self, moment: float) -> list[float]:
        """Return when the correct responses sent after a moment were received."""
        return [response.received for response in self.since(moment) if response.outcome == CORRECT]

    def longest_gap(self, moment: float) -> float:
        """Return the longest time without a correct response since a moment, in seconds."""
        times = sorted(self._correct_since(moment))
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
def send_traffic(url: str, expected: Mapping[str, object], timeout_s: float) -> Iterator[Traffic]:
    """Run clients that send queries for the duration of the context.

    `expected` has the correct data by query; `timeout_s` is the server's time limit.
    """
    traffic = Traffic()
    ended = threading.Event()
    clients = threading.Thread(
        target=asyncio.run, args=[_run_clients(url, expected, timeout_s, traffic, ended)]
    )
    clients.start()
    try:
        yield traffic
    finally:
        ended.set()
        clients.join()


def judge(response: httpx.Response, expected: object) -> str:
    """Return a response's outcome."""
    body = response.json()
    codes = {error["extensions"]["code"] for error in body.get("errors", ())}
    wrong = f"wrong: {response.status_code} {response.text[:500]}"
    if not codes:
        return CORRECT if response.status_code == 200 and body["data"] == expected else wrong
    if codes <= set(OUTAGES):
        code = next(code for code in OUTAGES if code in codes)
        if body.get("data"):
            return code  # partial data, and the errors name the part that failed
        says_when = code == "TIMEOUT" or "retry-after" in response.headers
        if response.status_code == OUTAGES[code] and says_when:
            return code
    return wrong


async def _run_clients(
    url: str,
    expected: Mapping[str, object],
    timeout_s: float,
    traffic: Traffic,
    ended: threading.Event,
) -> None:
    async with (
        httpx.AsyncClient(base_url=url, timeout=timeout_s + MARGIN_S) as http,
        asyncio.TaskGroup() as clients,
    ):
        clients.create_task(_probe(http, traffic, ended))
        for number in range(CLIENTS):
            clients.create_task(_query(http, expected, number, traffic, ended))


async def _query(
    http: httpx.AsyncClient,
    expected: Mapping[str, object],
    number: int,
    traffic: Traffic,
    ended: threading.Event,
) -> None:
    queries = list(expected)
    while not ended.is_set():
        query = queries[number % len(queries)]
        sent = time.monotonic()
        try:
            response = await http.post("/graphql", json={"query": query})
            outcome = judge(response, expected[query])
        except httpx.HTTPError as error:
            outcome = f"wrong: {error!r}"
        traffic.responses.append(Response(sent, time.monotonic() - sent, outcome))
        number += 1
        await asyncio.sleep(_PAUSE_S)


async def _probe(http: httpx.AsyncClient, traffic: Traffic, ended: threading.Event) -> None:
    while not ended.is_set():
        sent = time.monotonic()
        try:
            traffic.healthy.append((await http.get("/healthz")).status_code)
            traffic.ready.append((sent, (await http.get("/readyz")).status_code))
        except httpx.HTTPError:
            traffic.healthy.append(0)
        await asyncio.sleep(_PROBE_INTERVAL_S)
