"""Mutants of a function: copies with one small slip in it, or in a function it calls.

A slip is what a hand does wrong: a sign, a term, a factor, a transpose, an axis, one too many or too few, the
1/m, the wrong twin of a function, the wrong comparison. Each is made in the syntax tree, once at every place.
"""

import ast
import inspect
import textwrap
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from autograder.bank.exercise import Exercise

Function = Callable[..., Any]

OPERATORS: dict[type, tuple[type, ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
    ast.FloorDiv: (ast.Mult,),
    ast.Mod: (ast.FloorDiv,),
    ast.Lt: (ast.LtE, ast.Gt, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
TWINS = {
    "max": ("min",), "min": ("max",), "maximum": ("minimum",), "minimum": ("maximum",),
    "argmax": ("argmin",), "argmin": ("argmax",), "exp": ("log", "exp2"), "log": ("exp", "log10", "log2"),
    "log1p": ("log", "expm1"), "expm1": ("exp", "log1p"), "sum": ("mean",), "mean": ("sum",),
    "sin": ("cos",), "cos": ("sin",), "tanh": ("sinh",), "zeros": ("ones",), "ones": ("zeros",),
    "zeros_like": ("ones_like",), "ones_like": ("zeros_like",), "outer": ("inner",), "floor": ("ceil",),
}  # fmt: skip
# To drop one of these changes a type, not a number; any other call of one argument may be dropped.
CASTS = {"array", "asarray", "float", "int", "list", "tuple", "len", "range"}
SKIPPED = {"annotation", "returns", "decorator_list", "type_params", "ctx", "op", "ops"}


@dataclass(frozen=True)
class Mutant:
    """One slip: what was changed into what, and the function that has it."""

    what: str
    function: Function


def source_tree(function: Function) -> ast.FunctionDef:
    """The function's definition, without decorators and docstring."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    assert isinstance(tree, ast.FunctionDef)
    tree.decorator_list = []
    if ast.get_docstring(tree) is not None:
        tree.body = tree.body[1:] or [ast.Pass()]
    return tree


def reached(function: Function) -> dict[Function, ast.FunctionDef]:
    """The function and those it calls, and those they call, of its own module and of the bank."""
    trees: dict[Function, ast.FunctionDef] = {}
    waiting = [function]
    while waiting:
        each = waiting.pop()
        if each in trees:
            continue
        trees[each] = source_tree(each)
        names = sorted({node.id for node in ast.walk(trees[each]) if isinstance(node, ast.Name)})
        for name in names:
            called = plain_function(each.__globals__.get(name))
            if called is not None and called.__module__.startswith(("autograder.bank.", each.__module__)):
                waiting.append(called)
    return trees


def plain_function(value: object) -> types.FunctionType | None:
    """The function that a module's name stands for; for an exercise, its reference."""
    value = value.reference if isinstance(value, Exercise) else value
    return value if isinstance(value, types.FunctionType) else None


def built(trees: dict[Function, ast.FunctionDef], function: Function) -> Function:
    """The function made anew from the trees, together with those it calls, beside the modules' own."""
    spaces = {id(each.__globals__): dict(each.__globals__) for each in trees}
    made = {}
    for each, tree in trees.items():
        space = spaces[id(each.__globals__)]
        code = compile(
            ast.fix_missing_locations(ast.Module([tree], [])), f"<mutant of {each.__name__}>", "exec"
        )
        exec(code, space)
        made[each] = space[each.__name__]
    for space in spaces.values():
        for name, value in list(space.items()):
            original = plain_function(value)
            if original in made:
                space[name] = made[original]
    return made[function]


def mutants(function: Function) -> Iterator[Mutant]:
    """Every mutant, each once, the function's own first."""
    trees = reached(function)
    for each, tree in trees.items():
        known = {ast.unparse(tree)}
        for put, node in list(places(tree)):
            for changed in variants(node):
                what = f"{each.__name__}: {ast.unparse(node)} -> {ast.unparse(changed)}"
                put(changed)
                text = ast.unparse(tree)
                if text not in known:
                    known.add(text)
                    yield Mutant(what, built(trees, function))
                put(node)


def places(node: ast.AST) -> Iterator[tuple[Callable[[ast.AST], None], ast.AST]]:
    """Every node below, with a function that puts another in its place."""
    for field, value in ast.iter_fields(node):
        if field in SKIPPED:
            continue
        members = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
        for index, child in members:
            if isinstance(child, ast.AST):
                yield _putter(node, field, index), child
                yield from places(child)


def _putter(owner: ast.AST, field: str, index: int | None) -> Callable[[ast.AST], None]:
    def put(new: ast.AST) -> None:
        if index is None:
            setattr(owner, field, new)
        else:
            getattr(owner, field)[index] = new

    return put


def variants(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in the node's place with one slip made."""
    match node:
        case ast.BinOp():
            yield from _binary(node)
        case ast.UnaryOp(op=ast.USub() | ast.Not() | ast.Invert(), operand=operand):
            yield operand
        case ast.Compare(left=left, ops=[op], comparators=others):
            for other in OPERATORS.get(type(op), ()):
                yield ast.Compare(left, [other()], others)
        case ast.BoolOp(op=op, values=values):
            yield from (ast.BoolOp(other(), values) for other in OPERATORS[type(op)])
            yield from values
        case ast.Call():
            yield from _call(node)
        case ast.Constant(value=value):
            yield from _constant(value)
        case ast.Attribute(value=inner, attr="T"):
            yield inner
        case ast.Subscript(value=value, slice=index, ctx=context):
            yield from (ast.Subscript(value, shifted, context) for shifted in _index(index))
        case ast.IfExp(test=test, body=body, orelse=other):
            yield from (body, other, ast.IfExp(test, other, body))
        case ast.stmt():
            yield from _statement(node)


def _binary(node: ast.BinOp) -> Iterator[ast.expr]:
    left, op, right = node.left, node.op, node.right
    yield from (ast.BinOp(left, other(), right) for other in OPERATORS.get(type(op), ()))
    yield left  # a term, a factor, a division or a power dropped
    if isinstance(op, ast.Add | ast.Sub | ast.Mult | ast.MatMult):
        yield right
    if isinstance(op, ast.Sub):
        yield ast.UnaryOp(ast.USub(), right)
    if isinstance(op, ast.Sub | ast.Div | ast.MatMult):
        yield ast.BinOp(right, op, left)
    if isinstance(op, ast.MatMult):
        yield ast.BinOp(_transposed(left), op, right)
        yield ast.BinOp(left, op, _transposed(right))


def _transposed(node: ast.expr) -> ast.expr:
    return ast.Attribute(node, "T", ast.Load())


def _moved(node: ast.expr) -> Iterator[ast.expr]:
    """One more and one less."""
    yield ast.BinOp(node, ast.Add(), ast.Constant(1))
    yield ast.BinOp(node, ast.Sub(), ast.Constant(1))


def _constant(value: object) -> Iterator[ast.expr]:
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int | float):
        yield from (ast.Constant(value + 1), ast.Constant(value - 1))
        if 0 < abs(value) < 0.1:  # a step or a guard: one more is no slip of the hand
            yield from (ast.Constant(value * 10), ast.Constant(value / 10))


def _index(index: ast.expr) -> Iterator[ast.expr]:
    match index:
        case ast.Tuple(elts=parts):
            for place, part in enumerate(parts):
                for shifted in _index(part):
                    yield ast.Tuple([*parts[:place], shifted, *parts[place + 1 :]], ast.Load())
            yield ast.Tuple(parts[::-1], ast.Load())
        case ast.Slice(lower=lower, upper=upper, step=step):
            if lower is not None:
                yield from (ast.Slice(moved, upper, step) for moved in _moved(lower))
            if upper is not None:
                yield from (ast.Slice(lower, moved, step) for moved in _moved(upper))
        case ast.Name() | ast.BinOp() | ast.Call():
            yield from _moved(index)


def _call(node: ast.Call) -> Iterator[ast.expr]:
    function, args, keywords = node.func, node.args, node.keywords
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    for twin in TWINS.get(name, ()):
        if isinstance(function, ast.Attribute):
            yield ast.Call(ast.Attribute(function.value, twin, ast.Load()), args, keywords)
        elif twin in ("max", "min"):
            yield ast.Call(ast.Name(twin, ast.Load()), args, keywords)
    if len(args) == 1 and name not in CASTS and not isinstance(args[0], ast.Starred):
        yield args[0]
    if name == "where":
        yield from args[1:]
    if name == "range":
        for place, arg in enumerate(args):
            for moved in _moved(arg):
                yield ast.Call(function, [*args[:place], moved, *args[place + 1 :]], keywords)
    for place in range(len(args) - 1):
        swapped = [*args[:place], args[place + 1], args[place], *args[place + 2 :]]
        yield ast.Call(function, swapped, keywords)
    for place, keyword in enumerate(keywords):
        before, after = keywords[:place], keywords[place + 1 :]
        if keyword.arg in ("axis", "keepdims"):
            yield ast.Call(function, args, [*before, *after])
        if keyword.arg == "axis":
            for axis in (ast.Constant(0), ast.Constant(1), ast.UnaryOp(ast.USub(), ast.Constant(1))):
                yield ast.Call(function, args, [*before, ast.keyword("axis", axis), *after])


def _statement(node: ast.stmt) -> Iterator[ast.stmt]:
    match node:
        case ast.Return(value=ast.Tuple(elts=parts)):
            for place, part in enumerate(parts):
                for other in (ast.UnaryOp(ast.USub(), part), _transposed(part)):
                    changed = [*parts[:place], other, *parts[place + 1 :]]
                    yield ast.Return(ast.Tuple(changed, ast.Load()))
        case ast.Return(value=ast.expr() as value):
            yield ast.Return(ast.UnaryOp(ast.USub(), value))
            yield ast.Return(_transposed(value))
        case ast.AugAssign(target=target, op=op, value=value):
            yield from (ast.AugAssign(target, other(), value) for other in OPERATORS.get(type(op), ()))
            yield ast.Pass()
        case ast.Assign(targets=[ast.Subscript()]) | ast.Expr(value=ast.Call()):
            yield ast.Pass()
        case ast.If(body=body, orelse=other):
            for value in (True, False):
                yield ast.If(ast.Constant(value), body, other)
