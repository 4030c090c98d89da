"""Which pairs of a lesson's submissions share what few others have.

A run of tokens weighs the more the fewer have it (log2 of the class's size over their number); what the lesson gives,
what its answer has, and what more than a tenth of the class has weighs nothing. A pair is told where the runs that they
share weigh at least FLOOR, and at least SHARE of all that is rare in the shorter one's.
"""

import json
import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import nbformat
import numpy as np

from autograder.desk.similar.fingerprints import fingerprints
from autograder.grading.class_folder import ClassFolder
from autograder.grading.errors import GradeFault
from autograder.grading.run.renew import kept_notebooks
from autograder.grading.submission.master import read_master

MOST_SHARE, LEAST = 0.1, 2
FLOOR, SHARE = 60.0, 0.3
# So many runs are looked at together.
BLOCK = 4096


@dataclass(frozen=True)
class Pair:
    """Two students' answers in a lesson: the weight of what they share, and which share of the rare runs that is."""

    lesson: str
    first: str
    second: str
    weight: float
    share: float


@dataclass
class Compared:
    """What was compared: the answers by student and cell, what is rare in each, the pairs, the heaviest first."""

    lesson: str
    answers: dict[str, dict[str, str]]
    rare: dict[str, set[int]]
    pairs: list[Pair]


def compare(group: ClassFolder, lesson: str) -> Compared:
    """Compares a lesson's graded submissions with each other."""
    answers = {
        student: written
        for student, _ in kept_notebooks(group.path, [lesson], [])
        if (written := solutions(group.graded(student, lesson)))
    }
    return compared(lesson, answers, _given(group, lesson))


def compared(lesson: str, answers: dict[str, dict[str, str]], given: set[int]) -> Compared:
    """The pairs among answers, by student and cell, that share more than what was `given` and what many have."""
    prints = {student: fingerprints(written.values()) - given for student, written in answers.items()}
    among = Counter(each for found in prints.values() for each in found)
    most = max(LEAST, MOST_SHARE * len(prints))
    weights = {each: math.log2(len(prints) / n) for each, n in among.items() if n <= most}
    rare = {student: {each for each in found if each in weights} for student, found in prints.items()}
    whole = {student: sum(weights[each] for each in found) for student, found in rare.items()}
    students = sorted(rare)
    shared = _shared(students, rare, {each: weight for each, weight in weights.items() if among[each] > 1})
    pairs = []
    for i, j in np.argwhere(np.triu(shared, 1) >= FLOOR).tolist():
        first, second, weight = students[i], students[j], float(shared[i, j])
        pairs.append(Pair(lesson, first, second, weight, weight / min(whole[first], whole[second])))
    told = [pair for pair in pairs if pair.share >= SHARE]
    return Compared(
        lesson, answers, rare, sorted(told, key=lambda pair: (-pair.weight, pair.first, pair.second))
    )


def _shared(students: list[str], rare: dict[str, set[int]], weights: dict[int, float]) -> np.ndarray:
    """The weight of what each two students share: a matrix (n, n)."""
    found = np.zeros((len(students), len(students)))
    features = list(weights)
    for start in range(0, len(features), BLOCK):
        place = {each: i for i, each in enumerate(features[start : start + BLOCK])}
        block = np.zeros((len(students), len(place)), dtype=np.float32)
        for row, student in enumerate(students):
            for each in rare[student] & place.keys():
                block[row, place[each]] = math.sqrt(weights[each])
        found += block @ block.T
    return found


def solutions(path: Path) -> dict[str, str]:
    """What a student wrote into the solution cells of a graded notebook; nothing where it cannot be read."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return {
            str(cell["metadata"]["nbgrader"]["grade_id"]): "".join(cell["source"])
            for cell in cells
            if cell["metadata"].get("nbgrader", {}).get("solution")
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _given(group: ClassFolder, lesson: str) -> set[int]:
    """What the lesson gives, or has for an answer: the cells of its source, and of what students get."""
    path = group.master(lesson)
    try:
        source = nbformat.read(path, as_version=4)
    except Exception as fault:
        raise GradeFault(f"{path} cannot be read: {type(fault).__name__}") from None
    texts = [cell.source for cell in source.cells]
    return fingerprints([*texts, *(cell.source for cell in read_master(group.path, lesson).cells)])
