"""Classes of any size for the bench: honest submissions of many kinds, drawn from a seed, no two alike.

What stands in them is what people write: the bank's known slips, right answers in many forms, the sample class's code.
"""

import ast
import inspect
import random
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

import nbformat
from nbformat import NotebookNode

from autograder import bank, course
from autograder.bank.exercise import Exercise
from autograder.build.gates import Draft
from autograder.build.notebook import checked
from autograder.grading.sample import sample_class
from autograder.grading.sample.sample_class import SampleStudent

# What the first cell of a lesson imports, under the names it gives them.
IMPORTED = {"np": "numpy"}
BROKEN = "def {name}(*args)\n    return args[0]"
KINDS = (
    "right",
    "right, in other words",
    "one slip",
    "half done",
    "slips and other words",
    "a syntax error",
    "untouched",
    "many slips",
)


@dataclass(frozen=True)
class Pool:
    """What may stand in an exercise's cell: right answers of other hands, and known slips."""

    right: tuple[str, ...]
    slips: tuple[str, ...]


@cache
def drafts() -> dict[str, Draft]:
    """Every lesson of the course, built."""
    return {lesson.name: checked(lesson) for lesson in course.LESSONS}


@cache
def pool(exercise: Exercise) -> Pool:
    """The answers to one exercise that can stand alone in a notebook's cell."""
    names = [each.name for each in bank.of_lesson(exercise.lesson)]
    earlier = frozenset(names[: names.index(exercise.name) + 1])
    right = [_as_written(function, exercise.name, earlier) for function in exercise.right]
    slips = [_as_written(function, exercise.name, earlier) for _, function in exercise.slips.values()]
    return Pool(
        right=(*filter(None, right), *_sampled(exercise.name, (sample_class.OTHERWISE, sample_class.WARNS))),
        slips=(
            *filter(None, slips),
            *_sampled(exercise.name, (sample_class.NAIVE, sample_class.DIAGONAL, sample_class.NO_MEAN)),
            *_sampled(exercise.name, (sample_class.BASE_TEN, sample_class.IN_PLACE)),
        ),
    )


def _sampled(exercise: str, collections: Sequence[object]) -> Iterator[str]:
    yield from (code[exercise].strip() for code in collections if isinstance(code, dict) and exercise in code)


def _as_written(function: Callable[..., object], name: str, there: frozenset[str]) -> str | None:
    """The function's text under the exercise's name, without annotations; None if it needs what a notebook lacks.

    `there` names the functions that the notebook defines before it is run.
    """
    if (
        function.__code__.co_freevars or function.__code__.co_name == "<lambda>"
    ):  # of a family, or what a helper made
        return None
    definition = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    if not isinstance(definition, ast.FunctionDef):
        return None
    defaults = [name for value in definition.args.defaults for name in ast.walk(value)]
    if any(isinstance(name, ast.Name) and name.id not in IMPORTED for name in defaults):
        return None
    lines = []
    for used in sorted(_globals(function.__code__)):
        value = function.__globals__.get(used)
        if isinstance(value, ModuleType) and IMPORTED.get(used) != value.__name__:
            lines.append(f"import {value.__name__} as {used}")
        elif value is function or used in there - {name}:
            continue
        elif isinstance(value, FunctionType) or (used == name and isinstance(value, Exercise)):
            # A helper stands in the cell too; the bank's right answer does under a name of its own, for under its own
            # it would be the slip.
            helper = value.reference if isinstance(value, Exercise) else value
            beside = _as_written(helper, f"right_{name}" if helper is not value else used, there - {name})
            if beside is None:
                return None
            lines.append(f"{beside}\n")
        elif used in function.__globals__ and used not in IMPORTED:
            return None
    called = function.__name__
    for node in ast.walk(definition):
        if isinstance(node, ast.arg):
            node.annotation = None
        if isinstance(node, ast.Name) and node.id == name != called:
            node.id = f"right_{name}"
        elif isinstance(node, ast.Name) and node.id == called:
            node.id = name
    definition.name, definition.returns, definition.decorator_list = name, None, []
    return "\n".join([*lines, ast.unparse(definition)])


def _globals(code: CodeType) -> set[str]:
    """Every name that the code, or code inside it, may look up outside its function; attributes too."""
    inner = [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return set(code.co_names).union(*map(_globals, inner))


def student(number: int, lesson: str, seed: int = 0) -> SampleStudent:
    """What student `number` did in a lesson. The kinds come in turns; what each wrote is drawn from the seed."""
    draw = random.Random(f"{seed}/{number}/{lesson}")
    kind = KINDS[(number + [each.name for each in course.LESSONS].index(lesson)) % len(KINDS)]
    exercises = list(drafts()[lesson].exercises.values())
    right = {each.name: draw.choice(pool(each).right) for each in exercises if pool(each).right}
    slips = {each.name: draw.choice(pool(each).slips) for each in exercises if pool(each).slips}
    half = draw.sample(exercises, len(exercises) // 2)
    one = draw.choice(exercises).name
    code = {
        "right, in other words": right,
        "one slip": _part(slips, {one}),
        "slips and other words": right | _part(slips, {each.name for each in half}),
        "a syntax error": right | {one: BROKEN.format(name=one)},
        "many slips": slips,
    }.get(kind, {})
    return SampleStudent(
        name=f"student-{number:04}",
        story=kind,
        code=code,
        solves_the_rest=kind != "untouched",
        only=frozenset(each.name for each in half) if kind == "half done" else None,
    )


def _part(code: dict[str, str], names: set[str]) -> dict[str, str]:
    return {name: text for name, text in code.items() if name in names}


def submission(number: int, lesson: str, seed: int = 0) -> NotebookNode:
    """The notebook that student `number` hands in, with a cell of the student's own at the end."""
    who = student(number, lesson, seed)
    notebook = sample_class.submission(who, drafts()[lesson])
    draw = random.Random(f"{seed}/{number}")
    mine = [round(draw.uniform(-3, 3), 3) for _ in range(4)]
    text = f"# {who.name} tries something\nmine = np.array({mine})\nmine.mean()"
    notebook.cells.append(nbformat.v4.new_code_cell(text, id=f"own-{number:04}"))
    return notebook


def hand_in(
    directory: Path, lessons: Sequence[str], numbers: Sequence[int], seed: int = 0, most: int = 0
) -> int:
    """Writes the submissions of the students with these numbers into the class folder's `submitted`.

    With `most` only so many submissions, student by student. Returns how many there are.
    """
    wanted = [(number, lesson) for number in numbers for lesson in lessons][: most or None]
    for number, lesson in wanted:
        notebook = submission(number, lesson, seed)
        folder = directory / "submitted" / f"student-{number:04}" / lesson
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / f"{lesson}.ipynb")
    return len(wanted)
