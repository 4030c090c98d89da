"""Runs at the start of every notebook in the browser (PYTHONSTARTUP): ends what would never end.

The kernel hears no one while a cell runs, so a loop without end would take the tab with it.
"""

import signal

CELL_SECONDS = 60.0


def limit_cells() -> None:
    """From now on a cell ends with KeyboardInterrupt after a minute."""
    from IPython.core.getipython import get_ipython

    from autograder.kit.browser_clock import clock

    shell = get_ipython()
    assert shell is not None
    signal.signal(signal.SIGINT, signal.default_int_handler)
    shell.events.register("pre_run_cell", lambda *_: clock().limit(CELL_SECONDS))
    shell.events.register("post_run_cell", lambda *_: clock().limit(0))
