"""The kernel's shell without a kernel: runs a cell and writes down what it showed, within limits."""

import asyncio
import builtins
import getpass
import io
import os
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from ipykernel.eventloops import enable_gui
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import UsageError
from jupyter_client.session import Session
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

    encoding = "utf-8"
    errors = "strict"

    def __init__(self, name: str, shell: "Shell") -> None:
        self.name = name
        self.shell = shell

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.shell.outputs.text(self.name, text)
        return len(text)


class _WrittenDown(Session):
    """Where a kernel would send what a cell shows to a notebook: here it is written down."""

    outputs: Outputs

    def send(self, stream: Any, msg_or_type: Any, content: Any = None, *_: Any, **__: Any) -> None:
        """Takes a message of the shell's display hook, its publisher or its errors."""
        if isinstance(msg_or_type, dict):
            msg_or_type, content = msg_or_type["header"]["msg_type"], msg_or_type["content"]
        if msg_or_type in ("execute_result", "display_data"):
            self.outputs.data(msg_or_type, content["data"], content.get("metadata") or {})


class Shell(ZMQInteractiveShell):
    """The shell a student's notebook runs in: the kernel's own, so that whatever runs there runs here.

    It has no sockets and no event loop of a server: what it would send is written down, and each cell runs in a loop
    of its own process, as a kernel's cells run in the kernel's.
    """

    def __init__(self, **kwargs: Any) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._abandoned: list[tuple[asyncio.AbstractEventLoop, asyncio.Task[None]]] = []
        config = Config()
        # A database of inputs would need a thread, and the copies of a process have none.
        config.HistoryManager.enabled = False
        super().__init__(config=config, colors="nocolor", **kwargs)
        self._session = _WrittenDown()
        self.outputs = Outputs()
        senders: tuple[Any, ...] = (self.displayhook, self.display_pub)
        for sender in senders:
            sender.session = self._session
        self.kernel = SimpleNamespace(eventloop=None, shell=self)
        assert self.extension_manager
        self.extension_manager.load_extension("storemagic")  # as a kernel's application does

    @property
    def outputs(self) -> Outputs:
        """What the cell that runs now has shown."""
        return self._session.outputs

    @outputs.setter
    def outputs(self, outputs: Outputs) -> None:
        self._session.outputs = outputs

    @property  # type: ignore[misc]
    def db(self) -> Any:
        """What `%cd`, `%store` and `%bookmark` remember, in a folder that a submission may write to."""
        if self._db is None:
            from IPython.external.pickleshare import PickleShareDB

            self._db = PickleShareDB(os.path.join(os.path.expanduser("~"), ".ipython-db"))
        return self._db

    def enable_gui(self, gui: Any = None) -> None:
        """What `%gui` and `%matplotlib` ask for, where the kernel's own way would look for the kernel."""
        try:
            enable_gui(gui, kernel=self.kernel)
        except ValueError as fault:
            raise UsageError(str(fault)) from fault
        self.active_eventloop = gui

    def enable_matplotlib(self, gui: Any = None) -> Any:
        """`%matplotlib`; a window that cannot be opened here is a picture in the notebook instead."""
        try:
            return super().enable_matplotlib(gui)
        except (ImportError, RuntimeError) as fault:
            print(f"The grader has no windows ({fault}): pictures are inline.", file=sys.stderr)
            return super().enable_matplotlib("inline")

    def system(self, cmd: str) -> None:
        """`!command`, without a terminal: that would need a session of its own."""
        if cmd.rstrip().endswith("&"):
            raise OSError("Background processes not supported.")
        done = subprocess.run(
            self.var_expand(cmd, depth=1),
            shell=True,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        sys.stdout.write(done.stdout.decode("utf-8", "replace"))
        self.user_ns["_exit_code"] = done.returncode

    def warm(self, source: str) -> None:
        """Runs a cell that shows something, so that no copy of this process has to prepare for that; and forgets it."""
        self.run(source, 60)
        self.reset(new_session=True)
        assert self._loop
        self._loop.close()  # each copy needs one of its own
        self._loop = None
        asyncio.set_event_loop(None)

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
                    self._run_in_loop(source)
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

    def _run_in_loop(self, source: str) -> None:
        """Runs a cell inside a running event loop, where a kernel runs it: see `IPythonKernel.do_execute`."""
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self._loop)
        task = self._loop.create_task(self._run_cell_as_a_kernel(source))
        try:
            self._loop.run_until_complete(task)
        finally:
            if not task.done():  # it would go on in the next cell, and say so there
                self._abandoned.append((self._loop, task))
                self._loop = None

    async def _run_cell_as_a_kernel(self, source: str) -> None:
        failed = None
        try:
            transformed = self.transform_cell(source)
        except Exception:
            transformed, failed = source, sys.exc_info()
        options: dict[str, Any] = {"transformed_cell": transformed, "preprocessing_exc_tuple": failed}
        if not self.should_run_async(source, **options):
            self.run_cell(source, store_history=True)
            return
        result = None
        try:
            result = await self.run_cell_async(source, store_history=True, **options)
        finally:
            self.events.trigger("post_execute")
            self.events.trigger("post_run_cell", result)

    def showtraceback(self, exc_tuple: Any = None, *args: Any, **kwargs: Any) -> None:
        """Writes down an error that ended a cell."""
        raised = exc_tuple[1] if exc_tuple and exc_tuple[1] is not None else sys.exc_info()[1]
        if raised is not None:
            self._tell(raised)

    def _format_exception_for_storage(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """What IPython would keep of an error for a history of sessions: nobody reads that here, and it is dear."""
        return {}

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
    builtins.input = getpass.getpass = _no_input
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _Stream("stdout", shell), _Stream("stderr", shell)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before
