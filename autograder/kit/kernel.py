"""What can be told of the notebook's kernel: whether there is one, and which cell a function is from."""

import re
import sys
from collections.abc import Callable, Sequence
from typing import Any


def shell() -> Any | None:
    """IPython's shell, if this process has one. One that has not loaded IPython has none, and need not load it."""
    if "IPython" not in sys.modules:
        return None
    from IPython.core.getipython import get_ipython

    return get_ipython()


def in_notebook() -> bool:
    """Whether this process is a Jupyter kernel."""
    return getattr(shell(), "kernel", None) is not None


def where_from(name: str, function: Callable[..., object]) -> str:
    """Which cell a function was defined in, and whether a later definition of it failed; "" where that is unknown."""
    running = shell()
    code = getattr(function, "__code__", None)
    cells = getattr(
        getattr(running, "compile", None), "_filename_map", None
    )  # file name -> number of the cell
    if code is None or not isinstance(cells, dict) or code.co_filename not in cells:
        return ""
    number = cells[code.co_filename]
    history = list(getattr(running, "user_ns", {}).get("In", ()))
    later = _last_definition(name, history)
    if later is not None and later > number:
        return (
            f"This `{name}` is from cell [{number}]. Cell [{later}] defines it again, but that definition did not "
            "come through: run the cell once more and read what it says."
        )
    return f"This `{name}` is from cell [{number}]."


def _last_definition(name: str, history: Sequence[str]) -> int | None:
    """The number of the last cell that defines the name at its left margin."""
    pattern = re.compile(rf"^def {re.escape(name)}\s*\(", re.MULTILINE)
    numbers = [number for number, text in enumerate(history) if pattern.search(str(text))]
    return numbers[-1] if numbers else None


def explain_missing_names(names: Callable[[], Sequence[str]]) -> None:
    """From now on a NameError about a name of the course says what to run; once a shell."""
    running = shell()
    if (
        running is None
        or getattr(running, "_course_explains", False)
        or not hasattr(running, "set_custom_exc")
    ):
        return
    if getattr(running, "custom_exceptions", ()):
        return  # somebody else's handler is there

    def handler(self: Any, kind: type, raised: BaseException, tb: Any, tb_offset: int | None = None) -> None:
        self.showtraceback((kind, raised, tb), tb_offset=tb_offset)
        name = getattr(raised, "name", None)
        if isinstance(name, str) and name in names():
            print(
                f"{name} is not defined in this kernel. After a restart, run the cells from the first one on "
                "(Run > Run All Above Selected Cell); the cell that defines it must have run without an error."
            )

    running.set_custom_exc((NameError,), handler)
    running._course_explains = True
