"""Which cells must run: all that a student wrote, and of the lesson's own only those that define what these use.

A lesson's pictures and experiments cost most of a notebook's time and change no answer.
"""

import ast
import functools
import symtable

from autograder.grading.submission.master import Master
from autograder.grading.submission.plan import Graded

# With one of these a cell may use any name.
ANY_NAME = frozenset({"eval", "exec", "globals", "locals", "vars", "get_ipython", "__main__", "__import__"})


def needed(graded: list[Graded], master: Master) -> set[int]:
    """The places of the code cells that must run."""
    own = _lessons_own(master)
    code = [place for place, cell in enumerate(graded) if cell.kind == "code" and not cell.exercise]
    shown = {place for place in code if graded[place].master is None and graded[place].source.strip() in own}
    run = set(code) - shown
    used: set[str] = set()
    for place in run:
        names = uses(graded[place].source)
        if names is None or names & ANY_NAME:
            return set(code)
        used |= names
    while True:
        more = {place for place in shown - run if own[graded[place].source.strip()][0] & used}
        if not more:
            return run
        run |= more
        used = used.union(*(own[graded[place].source.strip()][1] for place in more))


@functools.lru_cache(maxsize=64)
def _own(cells: tuple[str, ...]) -> dict[str, tuple[set[str], set[str]]]:
    modules: set[str] = set()
    for source in cells:
        imports = [
            node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import | ast.ImportFrom)
        ]
        modules |= {alias.asname or alias.name for node in imports for alias in node.names}
    return {source.strip(): (binds(source, modules), uses(source) or set()) for source in cells}


def _lessons_own(master: Master) -> dict[str, tuple[set[str], set[str]]]:
    """What each of the lesson's own cells that nobody writes in binds and uses."""
    return _own(tuple(cell.source for cell in master.cells if cell.kind == "code" and not cell.grade_id))


def uses(source: str) -> set[str] | None:
    """The names a cell takes from outside itself or shares with it; None where that cannot be told.

    A cell that is no Python, not even once its magics are calls, does nothing: it only shows its SyntaxError.
    """
    try:
        table = symtable.symtable(source, "cell", "exec")
    except SyntaxError:
        return set() if _does_nothing(source) else None
    except (ValueError, RecursionError, MemoryError):
        return None
    names: set[str] = set()
    tables = [table]
    while tables:
        each = tables.pop()
        top = each.get_type() == "module"
        names |= {name.get_name() for name in each.get_symbols() if top or name.is_global()}
        tables += each.get_children()
    return names


def _does_nothing(source: str) -> bool:
    """Whether IPython, which reads the whole cell before it runs any of it, can make nothing of it."""
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        ast.parse(TransformerManager().transform_cell(source))
    except SyntaxError:
        return True
    except Exception:
        return False
    return False


def binds(source: str, modules: set[str]) -> set[str]:
    """The names that one of the lesson's own cells gives a value or may change; calls of what is imported do not."""
    found: set[str] = set()
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.alias):
            found.add((node.asname or node.name).split(".")[0])
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store):
            found.add(_root(node))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            found |= {_root(node.func)} - modules
    return found - {""}


def _root(node: ast.expr) -> str:
    """The name that an expression such as `a.b[0].c` starts from."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
