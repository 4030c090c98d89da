"""Runs at the start of every notebook in the browser (PYTHONSTARTUP): ends what would never end; lets cells be written.

The kernel hears no one while a cell runs, so a loop without end would take the tab with it.
"""

import logging
import signal

CELL_SECONDS = 60.0


def start() -> None:
    """From now on a cell ends with KeyboardInterrupt after a minute, and `set_next_input` writes the next cell."""
    from IPython.core.getipython import get_ipython

    # Its first word in a lesson would be a warning in red, about something that takes a moment.
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    from autograder.kit.browser_clock import clock

    shell = get_ipython()
    assert shell is not None
    signal.signal(signal.SIGINT, signal.default_int_handler)
    shell.events.register("pre_run_cell", lambda *_: clock().limit(CELL_SECONDS))
    shell.events.register("post_run_cell", lambda *_: clock().limit(0))

    payload = shell.payload_manager
    assert payload is not None

    def set_next_input(text: str, replace: bool = False) -> None:
        """As a kernel on a desktop does it; Pyodide's would keep the text for a terminal, which is not there."""
        payload.write_payload({"source": "set_next_input", "text": text, "replace": replace})

    shell.set_next_input = set_next_input
