"""What clients and loads see of each fault of a replica set, as a table.

    .venv/bin/python -m benchmarks.faults

Runs each fault of `tests/faults` once, on three real nodes. Prints Markdown.
"""

import sys
import tempfile
from pathlib import Path

from benchmarks.stopping import until_stopped
from tests.faults.deployment import deploy
from tests.faults.faults import CORPUS, FAULTS, FaultReport
from tests.faults.traffic import CLIENTS, CORRECT

_HEAD = """\
{clients} clients, one server process, three nodes, one machine, and a load of {items:,} files,
which takes {calm_s:.1f} s without clients and faults.

| fault | correct | `UNAVAILABLE` | `TIMEOUT` | wrong | slowest response \
| longest time without a correct one | first correct one after the end of the fault \
| duration of the load | lost items |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"""


def main() -> None:
    """Run all faults and print a row for each."""
    with (
        tempfile.TemporaryDirectory(prefix="newsgraph-faults-") as folder,
        deploy(Path(folder)) as deployment,
    ):
        print(_HEAD.format(clients=CLIENTS, items=CORPUS, calm_s=deployment.load_s))
        for name in FAULTS:
            print(_row(name, deployment.inject(name)), flush=True)


def _row(name: str, report: FaultReport) -> str:
    if report.load_status:
        print(report.load_output, file=sys.stderr)
    outcomes = report.outcomes
    counts = [outcomes[CORRECT], outcomes["UNAVAILABLE"], outcomes["TIMEOUT"], len(report.wrong)]
    seconds = [report.slowest_s, report.gap_s, report.recovered_after_s, report.load_s]
    cells = [
        name,
        *(f"{count:,}" for count in counts),
        *(f"{one:.1f} s" for one in seconds),
        str(report.lost["items"]),
    ]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    with until_stopped():
        main()
