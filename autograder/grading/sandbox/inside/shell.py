"""IPython's shell without a kernel: runs a cell and writes down what it showed, within limits."""

import builtins
import io
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from autograder.kit.outcome import Ended
from autograder.kit.run import how_it_failed, where_it_failed
from autograder.kit.time_limit import TimeLimitError, time_limit

# What is kept of one cell's outputs, in characters, and how many pieces.
MOST_TEXT = 20_000
MOST_DATA = 400_000
MOST_PIECES = 100


class Outputs:
    """One cell's outputs in nbformat's form. What goes beyond the limits is dropped, and that is said."""

    def __init__(self) -> None:
        self.pieces: list[dict[str, Any]] = []
        self.left = {"text": MOST_TEXT, "data": MOST_DATA}
        self.dropped = False

    def text(self, stream: str, text: str) -> None:
        """Adds to standard output or standard error."""
        kept = text[: self.left["text"]]
        self.left["text"] -= len(kept)
        self.dropped |= len(kept) < len(text)
        last = self.pieces[-1] if self.pieces else {}
        if last.get("output_type") == "stream" and last["name"] == stream:
            last["text"] += kept
        elif kept:
            self._add({"output_type": "stream", "name": stream, "text": kept})

    def data(self, kind: str, data: dict[str, Any], metadata: dict[str, Any]) -> None:
        """Adds something shown: `display_data` or `execute_result`."""
        kept = {mime: value for mime, value in data.items() if isinstance(value, str)}
        size = sum(map(len, kept.values()))
        if size > self.left["data"]:
            self.dropped = True
            return
        self.left["data"] -= size
        piece = {"output_type": kind, "data": kept, "metadata": {}}
        self._add(piece | ({"execution_count": None} if kind == "execute_result" else {}))

    def error(self, name: str, value: str, lines: list[str]) -> None:
        """Adds an error with its traceback."""
        self._add({"output_type": "error", "ename": name, "evalue": value[:2000], "traceback": lines})

    def _add(self, piece: dict[str, Any]) -> None:
        if len(self.pieces) >= MOST_PIECES:
            self.dropped = True
        else:
            self.pieces.append(piece)


class _Stream(io.TextIOBase):
    """Standard output or standard error of a cell."""

    def __init__(self, name: str, shell: "Shell") -> None:
        self.name = name
        self.shell = shell

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.shell.outputs.text(self.name, text)
        return len(text)


class _Hook(DisplayHook):
    """Takes the value of a cell's last expression."""

    shell: Any

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        self.shell.outputs.data("execute_result", format_dict, md_dict or {})

    def finish_displayhook(self) -> None:
        pass


class _Publisher(DisplayPublisher):
    """Takes what `display` shows."""

    shell: Any

    def publish(self, data: Any, metadata: Any = None, *_: Any, **__: Any) -> None:
        self.shell.outputs.data("display_data", data, metadata or {})

    def clear_output(self, wait: bool = False) -> None:
        pass


class Shell(InteractiveShell):
    """The shell a student's notebook runs in."""

    def __init__(self, **kwargs: Any) -> None:
        self.outputs = Outputs()
        config = Config()
        config.HistoryManager.enabled = False
        super().__init__(
            config=config, displayhook_class=_Hook, display_pub_class=_Publisher, colors="nocolor", **kwargs
        )
        self.display_pub.shell = self

    # `!command` without a terminal, which would need a session of its own.
    system = InteractiveShell.system_raw

    def init_history(self) -> None:
        super().init_history()
        if self.history_manager:
            self.history_manager.enabled = False

    def ask_exit(self) -> None:
        """What `quit` and `exit` do: they end the process, as they end a notebook's kernel."""
        os._exit(0)

    def run(self, source: str, seconds: float) -> dict[str, Any]:
        """Runs one cell for at most `seconds`: its outputs, how it ended, and the name of the error, if any."""
        self.outputs = Outputs()
        self.failed: str | None = None
        self.ended = Ended.RETURNED
        with _captured(self):
            try:
                with time_limit(seconds):
                    self.run_cell(source, store_history=False)
            except BaseException as raised:  # the alarm may ring in IPython's own lines
                self._tell(raised, seconds)
        if self.outputs.dropped:
            self.outputs.pieces.append(
                {
                    "output_type": "stream",
                    "name": "stdout",
                    "text": "\n[The grader cut the rest of this output.]\n",
                }
            )
        return {"outputs": self.outputs.pieces, "failed": self.failed, "ended": self.ended.value}

    def showtraceback(self, exc_tuple: Any = None, *args: Any, **kwargs: Any) -> None:
        """Writes down an error that ended a cell."""
        raised = exc_tuple[1] if exc_tuple and exc_tuple[1] is not None else sys.exc_info()[1]
        if raised is not None:
            self._tell(raised)

    def showsyntaxerror(self, *args: Any, **kwargs: Any) -> None:
        """Writes down a cell that is no Python."""
        self.showtraceback()

    def showindentationerror(self) -> None:
        """Writes down a cell whose lines do not line up."""
        self.showtraceback()

    def _tell(self, raised: BaseException, seconds: float | None = None) -> None:
        if isinstance(raised, TimeLimitError):
            self.failed, self.ended = "TimeLimitError", Ended.OUT_OF_TIME
            text = "the cell was not done when its time was up: does a loop never end?"
            self.outputs.error("TimeLimitError", text, [f"TimeLimitError: {text}"])
            return
        self.failed, self.ended = type(raised).__name__[:200], how_it_failed(raised)
        text = where_it_failed(raised)
        lines = [text]
        if isinstance(raised, SyntaxError):
            lines = [line.rstrip("\n") for line in traceback.format_exception_only(raised)][-3:]
        self.outputs.error(type(raised).__name__[:200], text, lines)


def _no_input(*_: object, **__: object) -> str:
    raise EOFError("it called input(), and there is nobody to answer: give the value in the code instead")


@contextmanager
def _captured(shell: Shell) -> Iterator[None]:
    builtins.input = _no_input
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _Stream("stdout", shell), _Stream("stderr", shell)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before
