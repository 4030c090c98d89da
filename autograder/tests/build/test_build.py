"""Lessons and reference numbers: generated, committed, and equal to what build makes now."""

import json
import math
import subprocess
import sys
from functools import cache
from pathlib import Path

import nbformat
import pytest
from nbgrader import utils
from nbgrader.nbgraderformat import MetadataValidator

from autograder import bank, course
from autograder.build import notebook as build

checked = cache(build.checked)
each_lesson = pytest.mark.parametrize("lesson", course.LESSONS, ids=lambda lesson: lesson.name)


@each_lesson
def test_the_committed_notebook_is_what_build_makes(lesson: course.Lesson) -> None:
    made = nbformat.writes(checked(lesson).student) + "\n"
    assert lesson.notebook.read_text(encoding="utf-8") == made, "run `python3 -m autograder build`"


@each_lesson
def test_the_committed_reference_is_what_build_makes(lesson: course.Lesson) -> None:
    committed = json.loads(lesson.reference.read_text(encoding="utf-8"))
    made = json.loads(json.dumps(build.reference_data(lesson)))
    for name, sheet in made["exercises"].items():
        assert build.same(sheet, committed["exercises"].get(name)), (
            f"{name}: run `python3 -m autograder build`"
        )
    assert build.same(made, committed)


def test_another_processors_rounding_changes_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lesson = course.LESSONS[3]
    kept = tmp_path / "reference.json"
    monkeypatch.setattr(course.Lesson, "reference", kept)
    monkeypatch.setattr(course.Lesson, "notebook", tmp_path / "lesson.ipynb")
    data = {"lesson": lesson.name, "numbers": [0.5, math.nan, 6e14, [1.0]]}
    monkeypatch.setattr(build, "reference_data", lambda _: data)
    build.build(lesson)
    before = kept.read_bytes()
    for other, changes in (
        ([0.5 + 1e-14, math.nan, 5.6e14, [1.0]], False),
        ([0.5, math.nan, 6e14, [1.001]], True),
    ):
        data["numbers"] = other
        build.build(lesson)
        assert (kept.read_bytes() != before) == changes


@each_lesson
def test_the_notebook_is_valid(lesson: course.Lesson) -> None:
    notebook = nbformat.read(lesson.notebook, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        MetadataValidator().validate_cell(cell)
    ids = [cell.metadata.nbgrader.grade_id for cell in notebook.cells if "nbgrader" in cell.metadata]
    assert len(ids) == len(set(ids))
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    assert notebook.metadata.kernelspec.name == "python3"
    assert not any(cell.get("outputs") for cell in notebook.cells)


@each_lesson
def test_no_answer_reaches_the_student(lesson: course.Lesson) -> None:
    made = checked(lesson)
    text = lesson.notebook.read_text(encoding="utf-8")
    for word in ("SOLUTION", "HIDDEN", "autograder.bank", "grade("):
        assert word not in text
    for source, student in zip(made.source.cells, made.student.cells, strict=True):
        if utils.is_solution(source):
            inside = source.source.split("SOLUTION")[1].splitlines()[1:-1]
            assert inside
            assert "\n".join(inside) not in student.source
            assert not any(line.strip() in student.source for line in inside if len(line.strip()) > 12)


@each_lesson
def test_points_in_the_notebook_are_the_banks(lesson: course.Lesson) -> None:
    notebook = nbformat.read(lesson.notebook, as_version=4)
    points = {
        c.metadata.nbgrader.grade_id: c.metadata.nbgrader.points for c in notebook.cells if utils.is_grade(c)
    }
    for exercise in bank.of_lesson(lesson.name):
        assert points.pop(f"{exercise.name}_check") == exercise.points
    assert list(points) == ["written_question"]


def test_what_a_student_wrote_is_kept(tmp_path: Path) -> None:
    made = build.checked(course.LESSONS[0]).student
    path = tmp_path / "lesson.ipynb"
    assert build.write_notebook(made, path) is None
    assert build.write_notebook(made, path) is None
    for number in (1, 2):
        mine = nbformat.read(path, as_version=4)
        mine.cells[0].source = f"my notes, {number}"
        nbformat.write(mine, path)
        kept = build.write_notebook(made, path)
        assert kept == tmp_path / f"lesson.kept-{number}.ipynb"
        assert nbformat.read(kept, as_version=4).cells[0].source == f"my notes, {number}"
    path.write_text("not a notebook at all")
    kept = build.write_notebook(made, path)
    assert kept.read_text() == "not a notebook at all"
    assert nbformat.read(path, as_version=4).cells == made.cells


def test_running_a_notebook_without_writing_in_it_is_no_change(tmp_path: Path) -> None:
    made = build.checked(course.LESSONS[0]).student
    path = tmp_path / "lesson.ipynb"
    build.write_notebook(made, path)
    run = nbformat.read(path, as_version=4)
    next(cell for cell in run.cells if cell.cell_type == "code").execution_count = 3
    nbformat.write(run, path)
    assert build.write_notebook(made, path) is None


def test_an_unknown_lesson_is_named() -> None:
    command = [sys.executable, "-m", "autograder.cli", "build", "99-nothing"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert "there is no lesson '99-nothing'" in result.stderr
    assert course.LESSONS[0].name in result.stderr


def test_nbconvert_makes_a_python_file_of_a_lesson(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "nbconvert", "--to", "script", f"--output-dir={tmp_path}"]
    command += [str(course.lesson("04-softmax").notebook)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert [path.name for path in tmp_path.iterdir()] == ["04-softmax.py"]
