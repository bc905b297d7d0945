"""`make bench`: run the benchmarks and write their tables into docs/benchmarks.md.

    .venv/bin/python -m benchmarks [SECTION ...]
    .venv/bin/python -m benchmarks SECTION OPTION...

With options, which are those of the section's module, the section is printed and not written.
Each generated section of that page is between two comments, `<!-- NAME -->` and
`<!-- end NAME -->`; the text around them is written by hand and kept.
"""

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.stopping import until_stopped
from store.embedded.binary import find_mongod

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"

# In the order of the page. `growth` takes a quarter of an hour, most of it to fill its corpus.
SECTIONS = {
    "serving": ["benchmarks.serving"],
    "tails": ["benchmarks.tails"],
    "live": ["benchmarks.live"],
    "profile": ["benchmarks.profile"],
    "searching": ["benchmarks.searching", "--items=200000", "--backend", "tantivy", "mongodb"],
    "following": ["benchmarks.following"],
    "ranking": ["benchmarks.ranking"],
    "execution": ["benchmarks.execution"],
    "site_fields": ["benchmarks.site_fields"],
    "reading": ["benchmarks.reading"],
    "loading": ["benchmarks.loading"],
    "limits": ["benchmarks.limits"],
    "indexes": ["benchmarks.indexes"],
    "growth": ["benchmarks.growth"],
}


def main() -> None:
    """Run the named sections, or all of them."""
    names, options = sections_and_options(sys.argv[1:])
    for name in names:
        print(f"{name} …", file=sys.stderr)
        table = output_of([sys.executable, "-m", *SECTIONS[name], *options])
        if options:
            print(table)
        else:
            replace_section(name, f"{table.strip()}\n\n{machine()}")


def sections_and_options(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """Split arguments into the sections to run and the options for one. Exits if that is wrong."""
    first = next((n for n, one in enumerate(arguments) if one.startswith("-")), len(arguments))
    names, options = [*arguments[:first]] or [*SECTIONS], [*arguments[first:]]
    for name in names:
        if name not in SECTIONS:
            raise SystemExit(f"There is no section {name}; there are: {', '.join(SECTIONS)}.")
    if options and len(names) != 1:
        raise SystemExit("Options need one section: python -m benchmarks SECTION OPTION...")
    return names, options


def output_of(command: Sequence[str]) -> str:
    """Run a benchmark and return what it prints. Exits if it fails or is stopped."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        is_stopped = True
        with until_stopped():
            output = process.communicate()[0]
            is_stopped = False
        if is_stopped:
            process.terminate()
            print(process.communicate()[0])  # what it has measured
            raise SystemExit(130)
    if process.returncode:
        raise SystemExit(process.returncode)
    return output


def replace_section(name: str, text: str) -> None:
    """Replace a section of the page. Exits if the page has none of that name."""
    section = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end {name} -->)", re.DOTALL)
    page, found = section.subn(lambda m: f"{m[1]}\n{text}\n\n{m[2]}", PAGE.read_text())
    if not found:
        raise SystemExit(f"{PAGE} has no section {name}")
    PAGE.write_text(page)


def machine() -> str:
    """Return date and machine as a line of Markdown: figures of two machines do not compare."""
    node = shutil.which("node")
    version = subprocess.check_output([node, "--version"], text=True).strip("v\n") if node else "-"
    return (
        f"_{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, Node {version}, "
        f"MongoDB {find_mongod().version}, "
        f"load average {os.getloadavg()[0]:.1f} at the end._"
    )


if __name__ == "__main__":
    main()
