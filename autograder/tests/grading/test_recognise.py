"""A notebook's lesson is told from its cells, whatever the file is called and whatever is wrong with it."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder import bank, course
from autograder.grading.submission.recognise import lesson_of


def cells_of(lesson: str) -> list[dict]:
    return json.loads(course.lesson(lesson).notebook.read_text(encoding="utf-8"))["cells"]


def code(source: object) -> dict:
    return {"cell_type": "code", "source": source, "metadata": {}}


@pytest.mark.parametrize("lesson", [each.name for each in course.LESSONS])
class TestEveryLesson:
    def test_as_released(self, lesson: str) -> None:
        assert lesson_of(cells_of(lesson)) == lesson

    def test_without_any_metadata(self, lesson: str) -> None:
        assert lesson_of([code(cell["source"]) for cell in cells_of(lesson)]) == lesson

    def test_with_nothing_but_the_metadata(self, lesson: str) -> None:
        assert lesson_of([{"metadata": cell["metadata"]} for cell in cells_of(lesson)]) == lesson

    def test_with_one_function_only(self, lesson: str) -> None:
        for exercise in bank.of_lesson(lesson):
            assert lesson_of([code(f"import numpy\n\ndef {exercise.name}(x):\n    return x\n")]) == lesson

    def test_with_a_function_of_another_lesson_in_it(self, lesson: str) -> None:
        other = next(each for each in course.LESSONS if each.name != lesson)
        stranger = bank.of_lesson(other.name)[0].name
        assert lesson_of([*cells_of(lesson), code(f"def {stranger}(x):\n    return x")]) == lesson


def test_what_every_lesson_has_says_nothing() -> None:
    assert lesson_of([{"metadata": {"nbgrader": {"grade_id": "written_question"}}}]) is None


def test_two_lessons_in_one_notebook_are_none() -> None:
    assert lesson_of(cells_of("03-activations") + cells_of("05-cross-entropy")) is None
    assert lesson_of([code("def sigmoid(x): pass\ndef softmax(x): pass")]) is None


def test_an_exercise_counts_once_however_often_it_stands_there() -> None:
    many = [code("def softmax(z):\n    return z")] * 20
    assert lesson_of([*many, code("def sigmoid(x): pass\ndef relu(x): pass")]) == "03-activations"


def test_a_call_or_a_text_is_no_definition() -> None:
    assert (
        lesson_of([code("softmax(z)\n# def is a word"), {"cell_type": "markdown", "source": "def relu(x)"}])
        is None
    )


def test_a_definition_inside_something_and_in_lines_counts() -> None:
    assert lesson_of([code(["if True:\n", "    def softmax(\n", "z): pass"])]) == "04-softmax"


@pytest.mark.parametrize("cells", [None, 3, "def softmax(z)", {}, [], [None, 1, "x", [], {}], [[[]]]])
def test_no_list_of_cells_is_no_lesson(cells: object) -> None:
    assert lesson_of(cells) is None


ANYTHING = st.recursive(
    st.none() | st.integers() | st.text(max_size=5) | st.just("def softmax(z):"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["metadata", "nbgrader", "grade_id", "source", "cell_type"]), inner)
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(ANYTHING)
def test_it_never_raises(cells: object) -> None:
    assert lesson_of(cells) in (None, "04-softmax")
    assert lesson_of([cells]) in (None, "04-softmax")


def test_a_hostile_source_takes_no_time() -> None:
    start = time.perf_counter()
    lesson_of([code(" " * 3_000_000 + "\n" + "def " * 300_000 + "a" * 3_000_000)])
    assert time.perf_counter() - start < 5
