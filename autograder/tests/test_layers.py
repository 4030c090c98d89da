"""Arrows run one way: a notebook imports the kit alone, and the kit knows nothing of answers or of grading."""

import ast
import types
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder import course

PACKAGE = course.ROOT / "autograder"
# What each part may import of the others; a part may import itself.
ALLOWED = {
    "__main__.py": set(),
    "course.py": set(),
    "worked_example.py": {"course"},
    "lab": set(),
    "kit": {"course"},
    "bank": {"kit", "course"},
    "gates.py": {"bank"},
    "build.py": {"bank", "kit", "gates", "course"},
    "release.py": {"build", "course"},
    "book.py": {"build", "gates", "release", "lab", "course"},
    "grading": {"bank", "kit", "build", "gates", "release", "course"},
    "reports": {"kit", "course", "grading"},
}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            if node.level:
                yield "a relative import"
            elif node.module == "autograder":
                yield from (f"autograder.{alias.name}" for alias in node.names)
            else:
                yield node.module or ""


@pytest.mark.parametrize("part", ALLOWED)
def test_imports_go_one_way(part: str) -> None:
    place = PACKAGE / part
    files = [place] if place.is_file() else sorted(place.rglob("*.py"))
    own = part.removesuffix(".py")
    for path in files:
        for name in imported(path):
            assert name != "a relative import", f"{path.name}: write the full name"
            parts = name.split(".")
            if parts[0] == "autograder" and len(parts) > 1:
                assert parts[1] in ALLOWED[part] | {own}, f"{path.relative_to(PACKAGE)} imports {name}"


def test_what_runs_behind_the_walls_knows_the_kit_alone() -> None:
    for path in (PACKAGE / "grading" / "inside").glob("*.py"):
        for name in imported(path):
            if name.startswith("autograder"):
                assert name.startswith(("autograder.kit", "autograder.grading.inside")), (
                    f"{path.name}: {name}"
                )


def test_every_part_has_its_rule() -> None:
    free = {"__init__.py", "cli.py", "tests", "bench", "__pycache__"}
    there = {path.name for path in PACKAGE.iterdir() if path.suffix in ("", ".py")}
    assert there - free <= ALLOWED.keys()


def test_a_notebook_imports_the_kit_alone() -> None:
    for lesson in course.LESSONS:
        text = lesson.notebook.read_text(encoding="utf-8")
        assert "autograder.kit" in text
        assert "autograder.bank" not in text
        assert "autograder.grading" not in text


def kit_callables() -> dict[str, object]:
    import importlib

    found = {}
    for path in sorted((PACKAGE / "kit").rglob("*.py")):
        name = ".".join(path.relative_to(course.ROOT).with_suffix("").parts).removesuffix(".__init__")
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
