"""Every lesson in a real JupyterLab and a real browser: it runs, its sliders move, nothing leaves the machine."""

import pytest

from autograder import course
from autograder.bench import browser as tools
from autograder.tests.browser.axe import barriers
from autograder.tests.explore import moves

each_lesson = pytest.mark.parametrize("lesson", course.LESSONS, ids=lambda lesson: lesson.name)


@each_lesson
def test_a_lesson_runs_and_its_sliders_move(
    lesson: course.Lesson, lab: tools.Server, lab_page: tools.Page
) -> None:
    with tools.opened_in(lab_page, lab, str(lesson.notebook.relative_to(course.LESSONS_DIR))) as notebook:
        notebook.run_all()
        moves.assert_quiet(notebook)
        shown = notebook.explorables()
        assert shown, "a lesson has something to play with"
        met: set[str] = set()
        for explorable in shown:
            moves.settle(explorable)
            if explorable.title in met:  # the same picture, with a function of the student's
                moves.by_keyboard(explorable, explorable.sliders()[0])
                continue
            met.add(explorable.title)
            moves.move_every_slider(explorable)
            moves.press_every_button(explorable)
        moves.guess_and_reveal(shown[0])
        assert barriers(notebook.page) == []
        moves.assert_quiet(notebook)
