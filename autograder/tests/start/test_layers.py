"""The house: which room may import which. Arrows run one way, no module is in a circle, nothing imports tests."""

import ast
import importlib
import inspect
import itertools
import types
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from autograder import course

PACKAGE = course.ROOT / "autograder"
# What each room may import of the others; a room may import itself, and its `commands` the
# terminal; cli.py hands over to them.
ALLOWED = {
    "__main__": {"start", "cli"},
    "start": set(),
    "course": set(),
    "terminal": set(),
    "lab": set(),
    "kit": {"course"},
    "bank": {"kit", "course"},
    "build": {"bank", "kit", "course"},
    "site": {"build", "bank", "kit", "lab", "course"},
    "grading": {"bank", "kit", "build", "course"},
    "desk": {"grading", "bank", "kit", "build", "course"},
    "hub": {"grading", "build", "lab", "course"},
    "bench": {"cli", "start", "desk", "grading", "site", "build", "bank", "kit", "lab", "course"},
}
# The same inside the grader. What lies in no room of its own, `errors` say, may be imported by all of them.
GRADER = {
    "sandbox": set(),
    "submission": {"sandbox"},
    "intake": {"submission"},
    "gradebook": {"submission", "intake"},
    "feedback": {"gradebook", "submission"},
    "run": {"feedback", "gradebook", "submission", "sandbox", "intake"},
    "sample": {"run", "feedback", "gradebook", "submission", "sandbox"},
}
FREE = {"errors", "settings", "class_folder"}


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(course.ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def modules() -> dict[str, Path]:
    return {name_of(path): path for path in sorted(PACKAGE.rglob("*.py")) if "vendor" not in path.parts}


@cache
def imports_of(module: str) -> frozenset[str]:
    return frozenset(imported(modules()[module]))


def imported(path: Path) -> Iterator[str]:
    """Every module of the course that a file imports, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "autograder")
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: write the full name"
            if (node.module or "").split(".")[0] == "autograder":
                for alias in node.names:
                    inner = f"{node.module}.{alias.name}"
                    yield inner if inner in modules() else str(node.module)


def test_every_import_is_of_something_that_is_there() -> None:
    for module in modules():
        for name in imports_of(module):
            assert name in modules(), f"{module} imports {name}"


def test_imports_go_one_way() -> None:
    for module in modules():
        room = module.split(".")[1] if "." in module else ""
        if room in ("", "tests", "cli"):
            continue
        assert room in ALLOWED, f"{module}: give its room a rule"
        said = {"terminal"} if module.endswith((".commands", ".command")) else set()
        for name in imports_of(module):
            other = name.split(".")[1] if "." in name else room
            assert other in ALLOWED[room] | {room, *said}, f"{module} imports {name}"


def test_inside_the_grader_too() -> None:
    for module in modules():
        parts = module.split(".")
        if parts[1:2] != ["grading"] or len(parts) < 4:
            continue
        assert parts[2] in GRADER, f"{module}: give its room a rule"
        for name in imports_of(module):
            other = name.split(".")
            if other[1] == "grading" and len(other) > 2:
                assert other[2] in GRADER[parts[2]] | {parts[2]} | FREE, f"{module} imports {name}"


def test_nothing_outside_the_tests_imports_them() -> None:
    for module in modules():
        if not module.startswith("autograder.tests"):
            assert not [name for name in imports_of(module) if name.startswith("autograder.tests")], module


def test_no_module_is_in_a_circle() -> None:
    known: set[str] = set()

    def walk(module: str, way: tuple[str, ...]) -> None:
        assert module not in way, " -> ".join((*way[way.index(module) :], module))
        if module in known:
            return
        for name in sorted(imports_of(module) - {module}):
            walk(name, (*way, module))
        known.add(module)

    for module in modules():
        walk(module, ())


def test_no_two_classes_have_one_name() -> None:
    """Whoever looks a class up by its name finds one."""
    homes: dict[str, list[str]] = {}
    for module, path in modules().items():
        if not module.startswith("autograder.tests"):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.ClassDef):
                    homes.setdefault(node.name, []).append(module)
    assert {name: places for name, places in homes.items() if len(places) > 1} == {}


def test_what_runs_behind_the_walls_knows_the_kit_alone() -> None:
    inside = [module for module in modules() if module.startswith("autograder.grading.sandbox.inside")]
    assert len(inside) > 5
    for module in inside:
        for name in imports_of(module):
            assert name.startswith(("autograder.kit", "autograder.grading.sandbox.inside")), (
                f"{module}: {name}"
            )


def test_a_notebook_imports_the_kit_alone() -> None:
    for lesson in course.LESSONS:
        text = lesson.notebook.read_text(encoding="utf-8")
        assert "autograder.kit" in text
        assert "autograder.bank" not in text
        assert "autograder.grading" not in text


@pytest.mark.parametrize("room", [*ALLOWED, *(f"grading.{room}" for room in GRADER)])
def test_every_room_with_a_rule_is_there(room: str) -> None:
    place = PACKAGE.joinpath(*room.split("."))
    assert place.is_dir() or place.with_suffix(".py").is_file()


def visible_in_the_sandbox() -> list[str]:
    """The kit's modules that a submission can import while it is graded."""
    from autograder.grading.sandbox.process import VISIBLE

    shown = [course.ROOT / place for place in VISIBLE]
    return [
        name
        for name, path in modules().items()
        if name.startswith("autograder.kit") and any(place in (path, *path.parents) for place in shown)
    ]


def test_what_knows_answers_is_not_visible_in_the_sandbox() -> None:
    """The judge compares with them, and the pictures draw them."""
    seen = visible_in_the_sandbox()
    assert "autograder.kit.plain" in seen
    assert not [name for name in seen if name.startswith(("autograder.kit.judge", "autograder.kit.explore"))]


def codes(code: types.CodeType) -> Iterator[types.CodeType]:
    """Every function in a piece of code, however deep: methods, nested functions, lambdas."""
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            # Neither the body of a class nor a comprehension is a function.
            if inner.co_flags & inspect.CO_OPTIMIZED and (
                inner.co_name == "<lambda>" or "<" not in inner.co_name
            ):
                yield inner
            yield from codes(inner)


def candidates(module: str) -> Iterator[tuple[str, Callable[..., object]]]:
    """What of a module can be handed in as an answer, by name.

    A function as it is, where the module or one of its classes has it: with its defaults. Else one made of its code:
    what it uses of the function around it is the exercise's arguments in turn. A method gets an object that has an
    argument for whatever it is asked for.
    """
    names = vars(importlib.import_module(module))
    classes = [each for each in names.values() if isinstance(each, type) and each.__module__ == module]
    owners = [names, *map(vars, classes)]
    found = {
        function.__code__: function
        for owner in owners
        for value in list(owner.values())
        for function in [getattr(value, "__func__", None) or getattr(value, "fget", None) or value]
        if isinstance(function, types.FunctionType)
    }
    path = modules()[module]
    for code in codes(compile(path.read_text(encoding="utf-8"), str(path), "exec")):
        function = next((each for each in found if each.co_qualname == code.co_qualname), None)
        made = found[function] if function else None
        yield f"{module}: {code.co_qualname}", made or of_code(code, names)
        if code.co_varnames[:1] == ("self",):
            yield f"{module}: {code.co_qualname} of an object", of_object(made or of_code(code, names))


def of_code(code: types.CodeType, names: dict[str, object]) -> Callable[..., object]:
    def call(*arguments: object) -> object:
        cells = tuple(types.CellType(arguments[k % len(arguments)]) for k in range(len(code.co_freevars)))
        return types.FunctionType(code, names, closure=cells)(*arguments)

    return call


def of_object(method: Callable[..., object]) -> Callable[..., object]:
    class Made:
        def __init__(self, arguments: tuple[object, ...]) -> None:
            self.arguments = itertools.cycle(arguments)

        def __getattr__(self, name: str) -> object:
            return next(self.arguments)

    def call(*arguments: object) -> object:
        try:
            return method(Made(arguments), *arguments)
        except TypeError:
            return method(Made(arguments))

    return call


def test_the_search_finds_answers_wherever_they_hide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a method, in a function in a function, in a lambda in a table."""
    text = """
import numpy as np
class Picture:
    def drawn(self):
        def softmax(z):
            return np.exp(z - np.max(z)) / np.sum(np.exp(z - np.max(z)))
        return softmax
    @property
    def sigmoid(self):
        return 1 / (1 + np.exp(-self.x))
TABLE = {"relu": lambda x: np.maximum(x, 0)}
"""
    path = tmp_path / "hides_answers.py"
    path.write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(modules(), "hides_answers", path)
    for name in ("softmax", "sigmoid", "relu"):
        assert earned_by([each for _, each in candidates("hides_answers")], name) > 0, name


def earned_by(functions: Iterable[Callable[..., object]], name: str) -> float:
    """The most points that one of the functions earns in that exercise."""
    from autograder.kit.judge import judge
    from autograder.kit.judge.verdict import is_right
    from autograder.kit.run import run_calls
    from autograder.kit.sheets import sheet

    asked = sheet(name)
    first = [check.calls[0] for check in asked.sub_checks]

    def earned(function: Callable[..., object]) -> float:
        outcomes = run_calls(function, [call.arguments for call in first], 1)
        if not any(is_right(asked, *pair) for pair in zip(first, outcomes, strict=True)):
            return 0  # for a part's points all of its calls must be right
        return judge(asked, run_calls(function, asked.calls, 1)).earned

    return max(map(earned, functions), default=0)


@pytest.mark.filterwarnings("ignore")
def test_the_kit_holds_no_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that a submission can import of the kit earns a point, handed in as it is."""
    from autograder import bank

    monkeypatch.setattr("builtins.print", lambda *args, **kwargs: None)
    found = {name: each for module in visible_in_the_sandbox() for name, each in candidates(module)}
    assert len(found) > 60
    for exercise in bank.exercises():
        if earned_by(found.values(), exercise):
            culprits = [name for name, each in found.items() if earned_by([each], exercise)]
            raise AssertionError(f"{exercise}: {', '.join(culprits)}")
