"""The house: which room may import which. Arrows run one way, no module is in a circle, nothing imports tests."""

import ast
import types
from collections.abc import Iterator
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
        said = {"terminal"} if module.endswith(".commands") else set()
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


def kit_callables() -> dict[str, object]:
    import importlib

    found = {}
    for path in sorted((PACKAGE / "kit").rglob("*.py")):
        name = name_of(path)
        module = importlib.import_module(name)
        for key, value in vars(module).items():
            if isinstance(value, types.FunctionType) and value.__module__ == name:
                found[f"{name}.{key}"] = value
    return found


@pytest.mark.filterwarnings("ignore")
def test_the_kit_holds_no_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """No function of the kit, handed in as an answer, earns a point in any exercise."""
    from autograder import bank
    from autograder.kit.judge import judge
    from autograder.kit.run import run_calls

    monkeypatch.setattr("builtins.print", lambda *args, **kwargs: None)
    candidates = kit_callables()
    assert len(candidates) > 30
    for exercise in bank.exercises().values():
        sheet = exercise.sheet()
        for name, function in candidates.items():
            report = judge(sheet, run_calls(function, sheet.calls, 5))
            assert report.earned == 0, f"{name} earns {report.earned:g} in {exercise.name}"
