"""The process of the `newsgraph` command: how it starts, and how it ends.

This module imports nothing that takes long, so that Ctrl+C is handled from the start.
"""

import os
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line. An error that the user can fix is one message and exit status 2."""
    status = _run()
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        status = status or 1  # the reader of our output has exited
    sys.stderr.flush()
    # Everything is closed and written. A regular exit waits for PyMongo's threads, which check
    # twice a second whether to stop: that would take half the time of loading one file.
    os._exit(status)


def _run() -> int:
    try:
        from api.commands.group import app

        app()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        # Imported here, as a command that succeeds needs none of them.
        from api.commands.errors import print_error
        from api.settings import SettingsError
        from store.errors import StoreError

        if not isinstance(error, SettingsError | StoreError):
            raise
        print_error(str(error))
        return 2
    return 0
