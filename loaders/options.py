"""The options of a load."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from loaders.diagnostics import Diagnostic
from loaders.report import Report
from store.writing.session import RETRY_FOR_S

MAX_BYTES = 8 * 1024 * 1024


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass
class Options:
    """How to load. The callbacks run in the thread that loads.

    `excluded` are patterns as in `.gitignore`, of files not to load. `text_index` says whether
    items have a text index in MongoDB. `on_diagnostic` gets each diagnostic, `on_note` each message
    that is not an error, `on_skipped` the path of each file or folder that is not content and why,
    and `on_progress` the report so far. `stopped` is called between batches.
    With `shows_future`, items whose date lies ahead are published.
    """

    jobs: int = field(default_factory=_cores)
    dry_run: bool = False
    prune: bool = False
    force: bool = False
    excluded: Sequence[str] = ()
    max_bytes: int = MAX_BYTES
    shows_future: bool = False
    retry_for_s: float = RETRY_FOR_S
    text_index: bool = True
    on_diagnostic: Callable[[Diagnostic], None] = lambda _: None
    on_note: Callable[[str], None] = lambda _: None
    on_skipped: Callable[[str, str], None] = lambda *_: None
    on_progress: Callable[[Report], None] = lambda _: None
    stopped: Callable[[], bool] = lambda: False
