"""Takes a function out of a notebook, with what it uses of the notebook's other cells."""

import ast
import symtable
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

EVERYTHING = "*"  # what `from module import *` binds


@dataclass(frozen=True)
class Statement:
    """One statement of a cell's top level: its text, the names it gives a value and those it uses.

    A `definition` (def, class, import) is used when it is called: then all other statements have run.
    """

    text: str
    binds: frozenset[str]
    uses: frozenset[str]
    definition: bool = False
    outright: bool = False


def standing_alone(cells: Iterable[str], name: str) -> str:
    """The code of a function and of all it needs from the cells, in their order; "" where no cell defines it.

    cells: the texts of code cells, in the order in which they ran. A cell that is no Python is passed over; so are
    magics and shell commands.
    """
    statements = [each for cell in cells for each in _statements(cell)]
    taken: dict[int, set[str]] = {}
    waiting = [(name, len(statements))]
    while waiting:
        wanted, before = waiting.pop()
        for place in _bindings(statements[:before], wanted):
            first = place not in taken
            taken.setdefault(place, set()).add(wanted)
            if first:
                each = statements[place]
                later = len(statements) if each.definition else place
                waiting += [(used, later) for used in each.uses if used != wanted or not each.definition]
    if not any(name in names for names in taken.values()):
        return ""
    return _joined([_part(statements[place], taken[place]) for place in sorted(taken)])


def _bindings(statements: Sequence[Statement], name: str) -> Iterator[int]:
    """Where a name gets its last value, and where it is changed after that."""
    found = False
    for place in reversed(range(len(statements))):
        each = statements[place]
        if name in each.binds:
            yield place
            found = True
            if each.outright and (each.definition or name not in each.uses):
                return
    if not found:
        yield from (place for place, each in enumerate(statements) if EVERYTHING in each.binds)


def _statements(cell: str) -> Iterator[Statement]:
    source = "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in cell.splitlines())
    try:
        tree = ast.parse(source)
        for node in tree.body:
            if isinstance(
                node, ast.Try
            ):  # a lesson's import of the kit, with what is said where there is none
                yield from (_statement(each, source) for each in node.body if _is_import(each))
            yield _statement(node, source)
    except (SyntaxError, ValueError, RecursionError):
        return


def _statement(node: ast.stmt, source: str) -> Statement:
    if isinstance(node, ast.Import | ast.ImportFrom):
        names = frozenset(map(_bound, node.names))
        return Statement(ast.unparse(node), names, frozenset(), definition=True, outright=True)
    defines = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    text = _text(node, source)
    top = symtable.symtable(text, "cell", "exec")
    binds = {each.get_name() for each in top.get_symbols() if each.is_assigned() or each.is_imported()}
    changed = set(_changed(node))
    if isinstance(node, ast.AugAssign):
        changed |= binds
    simple = isinstance(node, ast.Assign | ast.AnnAssign)
    return Statement(
        text,
        frozenset(binds | changed),
        frozenset(_used(top) | changed),
        definition=defines,
        outright=defines or simple,
    )


def _is_import(node: ast.stmt) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom)


def _bound(alias: ast.alias) -> str:
    return alias.asname or alias.name.split(".")[0]


def _text(node: ast.stmt, source: str) -> str:
    """A statement as it was written, with its decorators and the comments in it."""
    first = min((each.lineno for each in getattr(node, "decorator_list", ())), default=node.lineno)
    if first < node.lineno or isinstance(node, ast.FunctionDef):
        return "\n".join(source.splitlines()[first - 1 : node.end_lineno])
    return ast.get_source_segment(source, node) or ast.unparse(node)


def _used(top: symtable.SymbolTable) -> set[str]:
    """The names that a statement takes from its notebook, in the functions in it too."""
    used = {each.get_name() for each in top.get_symbols() if each.is_referenced()}
    inner = top.get_children()
    while inner:
        table = inner.pop()
        used |= {each.get_name() for each in table.get_symbols() if each.is_global()}
        inner += table.get_children()
    return used


def _changed(node: ast.stmt) -> Iterator[str]:
    """The names whose entries or attributes a statement gives a value: `table[k] = v` changes `table`."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return
    for each in ast.walk(node):
        if isinstance(each, ast.Attribute | ast.Subscript) and isinstance(each.ctx, ast.Store):
            root: ast.expr = each
            while isinstance(root, ast.Attribute | ast.Subscript):
                root = root.value
            if isinstance(root, ast.Name):
                yield root.id


def _part(statement: Statement, wanted: set[str]) -> str:
    """A statement's text; of an import, what is wanted of it."""
    node = ast.parse(statement.text).body[0]
    if isinstance(node, ast.Import | ast.ImportFrom) and EVERYTHING not in statement.binds:
        node.names = [each for each in node.names if _bound(each) in wanted]
        return ast.unparse(node)
    return statement.text


def _joined(parts: list[str]) -> str:
    """The parts under each other, with two empty lines around what is longer than a line."""
    text = ""
    for k, part in enumerate(dict.fromkeys(parts)):
        previous = parts[k - 1] if k else ""
        text += "" if not k else "\n\n\n" if "\n" in part or "\n" in previous else "\n"
        text += part
    return text
