"""The kit in Pyodide under Node.js: lessons to all points, and no loop without end. No browser is needed."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from autograder import bank, course
from autograder.tests.site.conftest import LONG, all_solved

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def answer(site: Path, tmp_path_factory: pytest.TempPathFactory) -> dict:
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node.js is not on the PATH: the kit is not tried in Pyodide without a browser")
    given = tmp_path_factory.mktemp("node") / "given.json"
    given.write_text(all_solved(), encoding="utf-8")
    program = HERE / "lessons_in_node.py"
    command = [node, str(HERE / "kit_in_node.mjs"), str(site / "work" / "pyodide"), str(program), str(given)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr[-3000:]
    return json.loads(result.stdout.splitlines()[-1])


def test_every_lesson_comes_to_all_its_points(answer: dict) -> None:
    assert answer["failed"] == {}
    for lesson in course.LESSONS:
        points = sum(each.points for each in bank.of_lesson(lesson.name))
        assert answer["points"][lesson.name] == [0 if lesson.name in LONG else points, points]


def test_a_loop_without_end_ends(answer: dict) -> None:
    assert answer["way"] == "browser"
    assert answer["ended"] == ["for_ever", "stubborn"]
    assert "It was not done when" in answer["loop"]
