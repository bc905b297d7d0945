"""`make bench`: run the benchmarks and write their tables into docs/benchmarks.md.

    .venv/bin/python -m benchmarks [SECTION ...]

Each generated section of that page is between two comments, `<!-- NAME -->` and
`<!-- end NAME -->`; the text around them is written by hand and kept.
"""

import os
import platform
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from store.embedded.binary import find_mongod

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"

# In the order of the page. `growth` takes a quarter of an hour, most of it to fill its corpus.
SECTIONS = {
    "serving": ["benchmarks.serving"],
    "profile": ["benchmarks.profile"],
    "execution": ["benchmarks.execution"],
    "loading": ["benchmarks.loading"],
    "limits": ["benchmarks.limits"],
    "indexes": ["benchmarks.indexes"],
    "growth": ["benchmarks.growth"],
}


def main() -> None:
    """Run the named sections, or all of them."""
    for name in sys.argv[1:] or SECTIONS:
        print(f"{name} …", file=sys.stderr)
        command = [sys.executable, "-m", *SECTIONS[name]]
        table = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        replace_section(name, f"{table.strip()}\n\n{machine()}")


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
