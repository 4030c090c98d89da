"""Stand-ins for what of the kit only people look at, and for what knows answers: none of it is behind the walls."""

import sys
import types
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from typing import Any


class _Quiet(types.ModuleType):
    """`explore`: every picture is asked for and none is drawn."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        if name.startswith("__"):
            raise AttributeError(name)
        return _nothing


def _nothing(*args: Any, **kwargs: Any) -> None:
    """Shows nothing."""


def _not_here(*args: Any, **kwargs: Any) -> None:
    """A check in a student's own cell: the grader asks by itself, and does not count this one."""
    print("The grader runs its own checks; this one does not count.")


def _not_ready(*args: Any, **kwargs: Any) -> bool:
    """`ready` in a cell that only shows something."""
    return False


def _not_brought(*args: Any, **kwargs: Any) -> None:
    """`bring` in a cell that was left standing: what it once wrote is a cell of the notebook."""
    print("The grader brings nothing: only what stands in the notebook counts.")


SAID: dict[str, dict[str, Callable[..., Any]]] = {
    "autograder.kit.check": {"check": _not_here, "ready": _not_ready},
    "autograder.kit.bring": {"bring": _not_brought},
}


class _Finder:
    """Finds a stand-in for every module of the kit that is not behind the walls. Only while the kit is imported."""

    def find_spec(self, name: str, *_: Any) -> ModuleSpec | None:
        """The stand-in's, where nothing else is found."""
        return ModuleSpec(name, self, is_package=True) if name.startswith("autograder.kit.") else None  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> types.ModuleType:
        """The stand-in: of what is asked for, nothing does anything."""
        made = _Quiet(spec.name)
        made.__dict__.update(SAID.get(spec.name, {}))
        return made

    def exec_module(self, module: types.ModuleType) -> None:
        """Runs nothing."""


def quieten() -> None:
    """Imports the kit with stand-ins for what of it is not behind the walls."""
    finder: Any = _Finder()
    sys.meta_path.append(finder)
    try:
        from autograder import kit
        from autograder.kit import explore

        vars(kit).update(explore=explore, show_figure=_nothing)
    finally:
        sys.meta_path.remove(finder)


def without_windows() -> None:
    """Makes pyplot draw into the notebook where it is asked for a window that cannot be opened behind the walls."""
    from matplotlib import pyplot
    from matplotlib.backends import BackendFilter, backend_registry

    windows = {name.casefold() for name in backend_registry.list_builtin(BackendFilter.INTERACTIVE)}
    switch = pyplot.switch_backend

    def switch_backend(newbackend: str) -> None:
        try:
            switch(newbackend)
        except ImportError as fault:
            if newbackend.casefold() not in windows:
                raise
            print(f"The grader has no windows ({fault}): pictures are inline.", file=sys.stderr)
            switch("module://matplotlib_inline.backend_inline")

    pyplot.switch_backend = switch_backend
