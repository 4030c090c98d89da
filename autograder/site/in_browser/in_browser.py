"""Runs at the start of every notebook in the browser (PYTHONSTARTUP): ends what would never end.

The kernel hears no one while a cell runs, so a loop without end would take the tab with it.
"""

import logging
import signal

CELL_SECONDS = 60.0


def limit_cells() -> None:
    """From now on a cell ends with KeyboardInterrupt after a minute."""
    from IPython.core.getipython import get_ipython

    # Its first word in a lesson would be a warning in red, about something that takes a moment.
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    from autograder.kit.browser_clock import clock

    shell = get_ipython()
    assert shell is not None
    signal.signal(signal.SIGINT, signal.default_int_handler)
    shell.events.register("pre_run_cell", lambda *_: clock().limit(CELL_SECONDS))
    shell.events.register("post_run_cell", lambda *_: clock().limit(0))
