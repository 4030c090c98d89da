"""Every lesson runs: solved from top to bottom with full points, untouched without a stop and with none."""

import functools
import json
import re
import resource

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbgrader import utils

from autograder import course
from autograder.build import notebook as build
from autograder.grading.sample.sample_class import STUDENTS, submission

BY_NAME = {student.name: student for student in STUDENTS}
# Of the processor, three times what is meant to be spent: a slow or a busy machine is no fault of a lesson.
# The capstone trains eleven times, lesson 12 five times for 400 epochs.
SECONDS = {"10-training": 180, "12-making-it-learn": 180}
OTHERS = 45
each_lesson = pytest.mark.parametrize("lesson", course.LESSONS, ids=lambda lesson: lesson.name)


def run(notebook: NotebookNode, **options: object) -> NotebookNode:
    """The notebook after all its cells ran in a fresh kernel."""
    copy = nbformat.from_dict(json.loads(json.dumps(notebook)))
    return NotebookClient(copy, timeout=600, kernel_name="python3", **options).execute()


def outputs(notebook: NotebookNode, kind: str) -> list[NotebookNode]:
    return [
        o
        for cell in notebook.cells
        if cell.cell_type == "code"
        for o in cell.outputs
        if o.output_type == kind
    ]


def code_points(notebook: NotebookNode) -> tuple[float, float]:
    """Points earned and points possible in the cells that grade themselves, as nbgrader counts them."""
    grades = [
        utils.determine_grade(cell)
        for cell in notebook.cells
        if utils.is_grade(cell) and cell.cell_type == "code"
    ]
    return sum(earned for earned, _ in grades), sum(most for _, most in grades)


@functools.cache
def solved(lesson: course.Lesson) -> tuple[NotebookNode, float]:
    """The lesson as a student hands it in solved, after a run, and the processor's seconds that took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = run(submission(BY_NAME["ada"], build.checked(lesson)))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return done, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


@each_lesson
def test_solved_it_runs_from_top_to_bottom_with_full_points(lesson: course.Lesson) -> None:
    done, seconds = solved(lesson)
    assert 0 < seconds < SECONDS.get(lesson.name, OTHERS)
    earned, most = code_points(done)
    assert earned == most > 10
    assert [o.text for o in outputs(done, "stream") if o.name == "stderr"] == []


@each_lesson
def test_with_hidden_tests_it_has_full_points_too(lesson: course.Lesson) -> None:
    earned, most = code_points(run(build.checked(lesson).source))
    assert earned == most


@each_lesson
def test_untouched_it_runs_without_a_stop_and_earns_nothing(lesson: course.Lesson) -> None:
    done = run(nbformat.read(lesson.notebook, as_version=4))
    earned, _ = code_points(done)
    assert earned == 0
    assert all(utils.determine_grade(cell)[0] == 0 for cell in done.cells if utils.is_grade(cell)), (
        "the written question too is 0 while nothing is written"
    )
    assert outputs(done, "error") == []
    assert [o.text for o in outputs(done, "stream") if o.name == "stderr"] == []
    assert any(
        "not written yet" in o.data["text/html"]
        for o in outputs(done, "execute_result")
        if "text/html" in o.data
    )


@each_lesson
def test_every_picture_has_alt_text(lesson: course.Lesson) -> None:
    done, _ = solved(lesson)
    shown = outputs(done, "display_data") + outputs(done, "execute_result")
    assert not any("image/png" in o.data or "image/svg+xml" in o.data for o in shown), (
        "use show_figure or explore"
    )
    images = [tag for o in shown for tag in re.findall(r"<img[^>]*>", o.data.get("text/html", ""))]
    assert images
    for tag in images:
        assert re.search(r'alt="[^"]{20,}"', tag), tag[:200]
        assert 'src="data:image/' in tag, tag[:200]
