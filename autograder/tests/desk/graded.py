"""A class folder as `grade` leaves it, made without running anything: one lesson, what each wrote, what each earned."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat

from autograder import course
from autograder.build.notebook import checked
from autograder.grading.class_folder import CONFIG, ClassFolder
from autograder.grading.gradebook.rows import ToRecord
from autograder.grading.gradebook.writing import ClassGradebook
from autograder.grading.submission.master import read_master
from autograder.grading.submission.verdict import Verdict

LESSON = "04-softmax"


def graded_class(folder: Path, answers: Mapping[str, Mapping[str, str]], points: float = 1.0) -> ClassFolder:
    """A class of LESSON. `answers` is by student and cell; the rest was not written. Each check earned `points`."""
    group = ClassFolder(folder)
    source = checked(course.lesson(LESSON)).source
    group.master(LESSON).parent.mkdir(parents=True)
    nbformat.write(source, group.master(LESSON))
    (folder / CONFIG).write_text((course.ROOT / CONFIG).read_text())
    master = read_master(folder, LESSON)
    records = []
    for student, written in answers.items():
        verdict = Verdict(student, LESSON, "graded", 1)
        verdict.earned = {str(cell.grade_id): points for cell in master.checks}
        verdict.written = {
            str(cell.grade_id): cell.grade_id in written for cell in master.cells if cell.is_solution
        }
        records.append(ToRecord(verdict))
        cells = [_cell(place, cell, written) for place, cell in enumerate(master.cells)]
        path = group.graded(student, LESSON)
        path.parent.mkdir(parents=True)
        notebook = nbformat.from_dict({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
        nbformat.write(notebook, path)
    book = ClassGradebook(group.url, group.config())
    book.add_lesson(LESSON, source, master)
    book.record(records)
    book.commit()
    book.close()
    return group


def _cell(place: int, cell: Any, written: Mapping[str, str]) -> dict[str, Any]:
    made = {"cell_type": cell.kind, "id": f"cell-{place}", "metadata": cell.metadata}
    made["source"] = written.get(str(cell.grade_id), cell.source)
    return made | ({"outputs": [], "execution_count": None} if cell.kind == "code" else {})
