"""What clients and loads see of each fault of a replica set, as a table.

    .venv/bin/python -m benchmarks.faults

Runs each fault of `tests/faults` once, on three real nodes. Prints Markdown.
"""

import sys
import tempfile
from pathlib import Path

from tests.faults.faults import CORPUS, FAULTS, Account
from tests.faults.stage import set_stage
from tests.faults.traffic import CLIENTS, RIGHT

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
        set_stage(Path(folder)) as stage,
    ):
        print(_HEAD.format(clients=CLIENTS, items=CORPUS, calm_s=stage.load_s))
        for name in FAULTS:
            print(_row(name, stage.undergo(name)), flush=True)


def _row(name: str, account: Account) -> str:
    if account.load_status:
        print(account.load_said, file=sys.stderr)
    outcomes = account.outcomes
    counts = [outcomes[RIGHT], outcomes["UNAVAILABLE"], outcomes["TIMEOUT"], len(account.wrong)]
    seconds = [account.slowest_s, account.gap_s, account.right_after_s, account.load_s]
    cells = [
        name,
        *(f"{count:,}" for count in counts),
        *(f"{one:.1f} s" for one in seconds),
        str(account.lost["items"]),
    ]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
